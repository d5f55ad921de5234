{#- dbt looks what it staged up in the history; only a planner that knows how little that is takes the index. -#}
{% macro postgres__snapshot_merge_sql(target, source, insert_cols) %}
    analyze {{ source }};
    {{ dbt.postgres__snapshot_merge_sql(target, source, insert_cols) }}
{% endmacro %}
