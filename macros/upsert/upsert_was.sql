{#- What the table has in a column, in the staged rows of `upsert_apply`; NULL in a new row. -#}
{% macro upsert_was(column) -%}
{{ adapter.quote("was " ~ column) }}
{%- endmacro %}
