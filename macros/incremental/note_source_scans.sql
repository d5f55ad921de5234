{#- Notes, before the legacy tables are read, from which transaction on the next run has to read: the oldest that
    is still open now. `confirm_source_scans` makes it count, in the transaction that registers what was read. -#}
{% macro note_source_scans() %}
    {%- set readable = [] -%}
    {%- for item in readable_entities() -%}
        {%- do readable.append("('" ~ item.system ~ "', '" ~ item.entity ~ "', " ~ legacy_table_name(item) ~ ")") -%}
    {%- endfor -%}
    delete from {{ operations_table("source_scans") }} where not is_applied
    {%- if readable %};
    insert into {{ operations_table("source_scans") }} (system, entity, is_applied, shape, cluster_id, since)
    select
        system,
        entity,
        false,
        {{ table_shape("relation") }},
        (select system_identifier from pg_control_system()),
        pg_snapshot_xmin(pg_current_snapshot())
    from (values {{ readable | join(", ") }}) as readable (system, entity, relation)
    {%- endif %}
{% endmacro %}
