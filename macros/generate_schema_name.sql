{#- As dbt has it (`<target schema>_<custom schema>`), but for the API: its schema is exposed by name (`api_schema`). -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name == "api" -%}
        {{- var("api_schema") -}}
    {%- else -%}
        {{- default__generate_schema_name(custom_schema_name, node) -}}
    {%- endif -%}
{%- endmacro %}
