{#- The type of a legacy table's column, so that a value of ours is compared in that type and finds the table's index. -#}
{% macro legacy_column_type(system, entity, name) %}
    {%- if not execute -%} {{- return("text") -}} {%- endif -%}
    {%- if legacy_table_exists(system, entity) and not source(system, entity).is_cte -%}
        {%- for column in adapter.get_columns_in_relation(source(system, entity)) if column.name == name -%}
            {{- return(column.dtype) -}}
        {%- endfor -%}
    {%- endif -%}
    {%- for column in legacy_columns(system, entity) if column.name == name -%}
        {{- return(column.data_type) -}}
    {%- endfor -%}
{% endmacro %}
