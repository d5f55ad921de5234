{#- The relations of these nodes that are there: name, what to select from, columns as JSON, and what the comment on the
    masked view of the same name says. A view is taken by its own SQL: it would ask with the rights of who reads. -#}
{% macro masked_view_sources(nodes, schema) %}
    {%- set names = [] -%}
    {%- for node in nodes -%}
        {%- do names.append("('" ~ node.schema ~ "', '" ~ node.alias ~ "')") -%}
    {%- endfor -%}
    {{- return(run_query(
        "select c.relname,"
        ~ " case when c.relkind = 'v' then '(' || rtrim(pg_get_viewdef(c.oid), ';') || ') as source'"
        ~ " else format('%I.%I', n.nspname, c.relname) end,"
        ~ " (select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) order by attnum)"
        ~ " from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped)::text,"
        ~ " obj_description(to_regclass(format('%I.%I', '" ~ schema ~ "', c.relname)), 'pg_class')"
        ~ " from pg_class as c inner join pg_namespace as n on n.oid = c.relnamespace"
        ~ " where (n.nspname, c.relname) in (values " ~ names | join(", ") ~ ")"
    ).rows) -}}
{% endmacro %}
