{#- A hash of what dbt would make the object from. -#}
{% macro object_definition(kind) %}
    {%- if kind == "seed" -%}
        {%- set parts = [model.checksum.checksum] -%}
    {%- elif kind == "function" -%}
        {%- set parts = [postgres__scalar_function_sql(this)] -%}
    {%- else -%}
        {%- set parts = [model.compiled_code] -%}
    {%- endif -%}
    {%- do parts.append(model.config | tojson) -%}
    {{- return(local_md5(parts | join("\n"))) -}}
{% endmacro %}
