{#- The contract's columns that the model selects: all but the identity and the touched column. -#}
{% macro upsert_selected_columns(options) %}
    {%- set columns = [] -%}
    {%- for name in model.columns if name not in [options.identity, options.touched] -%}
        {%- do columns.append(name) -%}
    {%- endfor -%}
    {{- return(columns) -}}
{% endmacro %}
