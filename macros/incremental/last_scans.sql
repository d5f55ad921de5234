{#- From which transaction on this run has to read each legacy table, {staging model: its number}, asked for in one query.
    A table that has to be read from end to end is not among them: on a full run all, else one that is new, has another
    shape (`table_shape`), or came from another server. -#}
{% macro last_scans() %}
    {%- set scans = {} -%}
    {%- if not is_full_run() -%}
        {%- set tables = [] -%}
        {%- for item in legacy_entities() -%}
            {%- do tables.append(
                "('" ~ item.model ~ "', '" ~ item.system ~ "', '" ~ item.entity ~ "', " ~ legacy_table_name(item) ~ ")"
            ) -%}
        {%- endfor -%}
        {%- set found = run_query(
            "select legacy.model, scans.since from (values " ~ tables | join(", ")
            ~ ") as legacy (model, system, entity, name) inner join " ~ operations_table("source_scans")
            ~ " as scans using (system, entity) where scans.is_applied and scans.shape = " ~ table_shape("legacy.name")
            ~ " and scans.cluster_id = (select system_identifier from pg_control_system())"
            ~ " and pg_snapshot_xmax(pg_current_snapshot())::text::bigint - scans.since::text::bigint < 2 ^ 31"
        ) -%}
        {%- for row in found.rows -%} {%- do scans.update({row[0]: row[1]}) -%} {%- endfor -%}
    {%- endif -%}
    {{- return(scans) -}}
{% endmacro %}
