{#- A query for the columns that the contracts of operational tables have and the tables lack. -#}
{% macro missing_columns() %}
    {%- set expected = [] -%}
    {%- for node in (graph.nodes if execute else {}).values()
        if node.resource_type == "model" and node.config.materialized == "upsert"
            and node.package_name == project_name
    -%}
        {%- for column in node.columns -%}
            {%- do expected.append("('" ~ node.schema ~ "', '" ~ node.alias ~ "', '" ~ column ~ "')") -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if not expected -%} {{- return("select where false") -}} {%- endif -%}
    select
    from (values {{ expected | join(", ") }}) as expected (schema_name, table_name, column_name)
    where not exists (
        select from information_schema.columns as present
        where
            present.table_schema = expected.schema_name
            and present.table_name = expected.table_name
            and present.column_name = expected.column_name
    )
{% endmacro %}
