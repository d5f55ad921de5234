{#- dbt compares a snapshot's rows with all current rows of its history. Ours select only what changed, and the
    materialization `snapshot` has staged that, so only the history of those keys has to be read. -#}
{% macro postgres__snapshot_staging_table(strategy, source_sql, target_relation) %}
    {%- set changed = "select * from " ~ adapter.quote(target_relation.identifier ~ "__changed") -%}
    {%- set whole = dbt.default__snapshot_staging_table(strategy, changed, target_relation) -%}
    {%- set start = "snapshotted_data as (" -%}
    {%- set parts = whole.split(start) -%}
    {%- set history = "from " ~ target_relation -%}
    {%- if parts | length != 2 or history not in parts[1] -%}
        {%- do exceptions.raise_compiler_error(
            "dbt's snapshot_staging_table is not what postgres__snapshot_staging_table expects: "
            ~ "adapt that macro, or remove it (histories are then compared whole)."
        ) -%}
    {%- endif -%}
    {%- set concerned -%}
        from (
            select * from {{ target_relation }}
            where {{ strategy.unique_key }} in (select {{ strategy.unique_key }} from snapshot_query)
        ) as concerned
    {%- endset -%}
    {{ parts[0] }} {{ start }} {{ parts[1].replace(history, concerned, 1) }}
{% endmacro %}
