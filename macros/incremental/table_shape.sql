{#- SQL: what a legacy table consists of, as a hash of its members and their columns: that changes when another table takes
    the name, when a partition comes or goes, and when a column is added, renamed or retyped, all of which can change
    what is read without writing a row. -#}
{% macro table_shape(name) -%}
(
    {{ table_members(name) }}
    select md5(string_agg(concat_ws(' ', attrelid, attnum, attname, atttypid), ',' order by attrelid, attnum))
    from members
    inner join pg_attribute on pg_attribute.attrelid = members.member
    where pg_attribute.attnum > 0 and not pg_attribute.attisdropped
)
{%- endmacro %}
