{#- A table of the schema for operations (`c360_ops` beside the target `c360`), which `prepare_operations` creates. -#}
{% macro operations_table(name) %}
    {{- return(api.Relation.create(
        database=target.database, schema=target.schema ~ "_ops", identifier=name, type="table"
    )) -}}
{% endmacro %}
