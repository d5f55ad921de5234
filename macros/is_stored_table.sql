{#- Whether a relation's rows carry the transactions that wrote them: tables do, partitioned ones and those with children
    included; views do not, nor foreign tables, not even as a partition. -#}
{% macro is_stored_table(relation) %}
    {%- set found = run_query(
        table_members("'" ~ (relation | string | replace("'", "''")) ~ "'")
        ~ "select bool_and(relkind in ('r', 'm', 'p')) from members inner join pg_class on pg_class.oid = members.member"
    ) -%}
    {{- return(found.columns[0].values()[0]) -}}
{% endmacro %}
