{#- The latest change that a history holds, so that a snapshot reads only what came after it. -#}
{% macro latest_in_history(column) %}
    {%- if execute and adapter.get_relation(this.database, this.schema, this.identifier) is not none -%}
        {{- return("(select coalesce(max(" ~ column ~ "), '-infinity') from " ~ this ~ ")") -}}
    {%- endif -%}
    {{- return("'-infinity'") -}}
{% endmacro %}
