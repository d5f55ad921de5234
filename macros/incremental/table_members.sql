{#- SQL: the tables whose rows are read under the name of a legacy table: itself, its partitions, and what inherits. -#}
{% macro table_members(name) %}
    with recursive members as (
        select to_regclass({{ name }})::oid as member
        union
        select pg_inherits.inhrelid from members inner join pg_inherits on pg_inherits.inhparent = members.member
    )
{% endmacro %}
