{#- Whether a legacy table is there to be read in this run; a view or a foreign table is as good. -#}
{% macro legacy_table_exists(system, entity) %}
    {%- set relation = source(system, entity) -%}
    {%- if relation.is_cte -%}
        {{- return(true) -}}
    {%- endif -%}
    {%- set name = legacy_table_name({"system": system, "entity": entity}) -%}
    {%- set found = run_query("select to_regclass(" ~ name ~ ") is not null") -%}
    {{- return(found.columns[0].values()[0]) -}}
{% endmacro %}
