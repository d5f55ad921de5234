{#- Indexes of a history: to find the states of a key, and to see up to when the history reaches. -#}
{% macro history_indexes(key, changed_at) %}
    {%- for column in (key, changed_at) %}
    create index if not exists {{ adapter.quote(this.identifier ~ "_" ~ column ~ "_idx") }} on {{ this }} ({{ column }});
    {%- endfor %}
{% endmacro %}
