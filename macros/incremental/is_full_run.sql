{#- Whether this run makes everything anew: there is no completed build to go on from. Unit tests always do. -#}
{% macro is_full_run() %}
    {%- if not execute or model.resource_type == "unit_test" -%}
        {{- return(true) -}}
    {%- endif -%}
    {%- set completed = operations_table("completed_build") -%}
    {%- if adapter.get_relation(completed.database, completed.schema, completed.identifier) is none -%}
        {{- return(true) -}}
    {%- endif -%}
    {{- return(not run_query("select exists (select from " ~ completed ~ ")").columns[0].values()[0]) -}}
{% endmacro %}
