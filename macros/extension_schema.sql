{#- The schema, quoted, in which an extension is installed. -#}
{% macro extension_schema(extension) %}
    {%- if not execute -%}
        {{- return("") -}}
    {%- endif -%}
    {%- set found = run_query(
        "select quote_ident(nspname) from pg_extension join pg_namespace as n on n.oid = extnamespace "
        ~ "where extname = '" ~ extension ~ "'"
    ).columns[0].values() -%}
    {%- if not found -%}
        {%- do exceptions.raise_compiler_error(
            "The extension " ~ extension ~ " is not installed. Let an administrator run: create extension " ~ extension ~ ";"
        ) -%}
    {%- endif -%}
    {{- return(found[0]) -}}
{% endmacro %}
