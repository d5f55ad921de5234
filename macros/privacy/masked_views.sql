{#- On-run-end: the views of c360_masked, one over each canonical table and history, for whom personal data is none of
    their business. They show the columns that YAML describes, those with personal data `masked`; a column that is
    described nowhere is left out. They ask with the rights of their owner, so their readers need no right to what is
    below. Made by the first complete build, then anew only where something differs. -#}
{% macro masked_views(results) %}
    {%- if not execute or flags.WHICH not in ["build", "run"] -%} {{- return("") -}} {%- endif -%}
    {%- set schema = target.schema ~ "_masked" -%}
    {%- set nodes = {} -%}
    {%- for node in graph.nodes.values()
        if node.package_name == project_name
            and (node.resource_type == "snapshot" or node.resource_type == "model" and node.fqn[1] == "canonical")
    -%}
        {%- do nodes.update({node.alias: node}) -%}
    {%- endfor -%}
    {%- set present = run_query(
        "select exists (select from pg_namespace where nspname = '" ~ schema ~ "')"
    ).columns[0].values()[0] -%}
    {%- if not present and not is_complete_build(results) -%} {{- return("") -}} {%- endif -%}
    {%- set statements = [] if present else ["create schema " ~ adapter.quote(schema)] -%}
    {%- for found in masked_view_sources(nodes.values(), schema) -%}
        {%- set node = nodes[found[0]] -%}
        {%- set kinds = personal_data(node) -%}
        {%- set shown = [] -%}
        {%- for column in fromjson(found[2]) if column.name in node.columns -%}
            {%- set name = adapter.quote(column.name) -%}
            {%- do shown.append(
                masked(kinds[column.name], name, column.type) ~ " as " ~ name if column.name in kinds else name
            ) -%}
        {%- endfor -%}
        {%- set view = adapter.quote(schema) ~ "." ~ adapter.quote(node.alias) -%}
        {%- set select = "select " ~ shown | join(", ") ~ " from " ~ found[1] -%}
        {%- set note = "Personal data masked. Made by the build: " ~ local_md5(select) -%}
        {%- if found[3] != note -%}
            {%- do statements.append("drop view if exists " ~ view ~ " cascade") -%}
            {%- do statements.append("create view " ~ view ~ " as " ~ select) -%}
            {%- do statements.append("comment on view " ~ view ~ " is '" ~ note ~ "'") -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(statements | join(";\n")) -}}
{% endmacro %}
