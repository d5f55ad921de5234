{#- The latest change that a history holds, so that a snapshot reads only what came after it. As a constant, so that the
    planner knows how little that is. -#}
{% macro latest_in_history(column) %}
    {%- set latest = none -%}
    {%- if execute and adapter.get_relation(this.database, this.schema, this.identifier) is not none -%}
        {%- set latest = run_query("select max(" ~ column ~ ")::text from " ~ this).columns[0].values()[0] -%}
    {%- endif -%}
    {{- return("'" ~ (latest or "-infinity") ~ "'::timestamptz") -}}
{% endmacro %}
