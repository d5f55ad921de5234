{#- The contract's columns that the model selects: all but the identity and those that are set when a row is touched. -#}
{% macro upsert_selected_columns(options) %}
    {%- set columns = [] -%}
    {%- for name in model.columns if name != options.identity and name not in (options.touched or {}) -%}
        {%- do columns.append(name) -%}
    {%- endfor -%}
    {{- return(columns) -}}
{% endmacro %}
