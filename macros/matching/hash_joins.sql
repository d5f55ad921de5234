{#- Keeps the planner from taking a full run's joins row by row through an index, or in the order of one: it takes the
    columns of a block for independent of one another, and so expects one pair where there are dozens. -#}
{% macro hash_joins() %}
{%- set by_hash_alone = is_full_run() or var("match_training") -%}
set local enable_nestloop = {{ "off" if by_hash_alone else "on" }};
set local enable_mergejoin = {{ "off" if by_hash_alone else "on" }}
{% endmacro %}
