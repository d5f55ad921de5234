{#- The schema, quoted, in which pg_trgm is installed. -#}
{% macro trigram_schema() %}
    {%- set found = run_query(
        "select quote_ident(nspname) from pg_extension join pg_namespace as n on n.oid = extnamespace "
        ~ "where extname = 'pg_trgm'"
    ).columns[0].values() -%}
    {%- if not found -%}
        {%- do exceptions.raise_compiler_error(
            "The extension pg_trgm is not installed. Let an administrator run: create extension pg_trgm;"
        ) -%}
    {%- endif -%}
    {{- return(found[0]) -}}
{% endmacro %}
