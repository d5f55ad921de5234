{#- At the end of a subquery or CTE: keeps the planner from copying what it computes to each of its uses. The query may
    still run in parallel, which MATERIALIZED would prevent, and OFFSET 0 as well. -#}
{% macro computed_once() -%}
limit all
{%- endmacro %}
