{#- SQL: the advisory lock that every call of live intake shares, and that a build holds alone for the moment in which it
    commits `customers`. -#}
{% macro intake_gate() -%}
hashtextextended('{{ target.schema }} intake', 360)
{%- endmacro %}
