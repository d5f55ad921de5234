{#- Adds the columns that the contract has and the table lacks; nothing is ever dropped or retyped. -#}
{% macro upsert_add_columns(target) %}
    {%- set present = adapter.get_columns_in_relation(target) | map(attribute="name") | list -%}
    {%- for name, column in model.columns.items() if name not in present -%}
        {%- call statement("add_column") -%}
            alter table {{ target }} add column {{ adapter.quote(name) }} {{ column.data_type }}
        {%- endcall -%}
    {%- endfor -%}
{% endmacro %}
