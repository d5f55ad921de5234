{#- Keeps the planner from taking a full run's joins row by row through an index: it takes the columns of a block for
    independent of one another, and so expects one pair where there are dozens. -#}
{% macro hash_joins() %}
set local enable_nestloop = {{ "off" if is_full_run() or var("match_training") else "on" }}
{% endmacro %}
