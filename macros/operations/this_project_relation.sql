{#- The table or view of a model of this project, where ref() is not to be had (in on-run-end). -#}
{% macro this_project_relation(name) %}
    {%- set node = graph.nodes["model." ~ project_name ~ "." ~ name] -%}
    {{- return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) -}}
{% endmacro %}
