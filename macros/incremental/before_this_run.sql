{#- A table as the last run left it, for a model that the table itself depends on and that can therefore not
    ref() it. Before the first run it is an empty stand-in with the columns given as {name: type}. -#}
{% macro before_this_run(schema, name, columns) %}
    {%- set table = this.incorporate(path={"schema": schema, "identifier": name}) -%}
    {%- if execute and model.resource_type != "unit_test"
        and adapter.get_relation(table.database, table.schema, table.identifier) is not none -%}
        {{- return(table) -}}
    {%- endif -%}
    {%- set stand_ins = [] -%}
    {%- for column, type in columns.items() -%}
        {%- do stand_ins.append("null::" ~ type ~ " as " ~ column) -%}
    {%- endfor -%}
    {{- return("(select " ~ stand_ins | join(", ") ~ " where false)") -}}
{% endmacro %}
