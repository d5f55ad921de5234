{#- Whether a relation's rows carry the transactions that wrote them: tables do, views and foreign tables do not. -#}
{% macro is_stored_table(relation) %}
    {%- set found = run_query(
        "select relkind in ('r', 'm') from pg_class where oid = to_regclass('" ~ (relation | string | replace("'", "''")) ~ "')"
    ) -%}
    {{- return(found.columns[0].values()[0]) -}}
{% endmacro %}
