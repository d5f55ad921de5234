{#- Indexes of a history: to find the current row of a key, to close it, and to see up to when the history reaches. -#}
{% macro history_indexes(key, changed_at) %}
    {%- for columns, condition in [(key, ""), ("dbt_scd_id", " where dbt_valid_to is null"), (changed_at, "")] %}
    create index if not exists {{ adapter.quote(this.identifier ~ "_" ~ columns ~ "_idx") }}
    on {{ this }} ({{ columns }}){{ condition }};
    {%- endfor %}
{% endmacro %}
