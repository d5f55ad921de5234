{#- SQL that says which object of this name is there now: NULL for none. A seed that somebody edited in the database
    shows in the transactions that wrote its rows; a view follows a table that is renamed, and then names it otherwise.
    is_built: it has just been made, which dbt's cache may not know yet. -#}
{% macro object_state(kind, is_built=false) %}
    {%- if kind == "function" -%}
        {{- return(
            "select min(oid)::text from pg_proc where proname = '" ~ this.identifier
            ~ "' and pronamespace = to_regnamespace('" ~ adapter.quote(this.schema) ~ "') having count(*) = 1"
        ) -}}
    {%- endif -%}
    {%- set oid = "to_regclass('" ~ this.include(database=false) ~ "')" -%}
    {%- if kind == "seed" and (is_built or adapter.get_relation(this.database, this.schema, this.identifier) is not none) -%}
        {{- return(
            "select " ~ oid ~ "::oid || ' ' || count(*) || ' ' || coalesce(sum(xmin::text::bigint), 0) from " ~ this
        ) -}}
    {%- endif -%}
    {{- return("select " ~ oid ~ "::oid::text || ' ' || md5(pg_get_viewdef(" ~ oid ~ "))") -}}
{% endmacro %}
