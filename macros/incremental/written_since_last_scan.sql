{#- The condition that leaves rows out which nobody has written since this project last looked at their table: by
    the transaction that wrote a row (its system column xmin), so that no clock and no `updated_at` has to be
    trusted. It may let more rows through (their hashes are compared then), and never fewer. It is `true` on a full
    run, and for a table that is new, has another shape (`table_shape`), or came from another server. -#}
{% macro written_since_last_scan(system, entity, row_xmin) %}
    {%- if is_full_run() -%}
        {{- return("true") -}}
    {%- endif -%}
    {%- set since = run_query(
        "select since from " ~ operations_table("source_scans") ~ " where is_applied and system = '" ~ system
        ~ "' and entity = '" ~ entity ~ "' and shape = "
        ~ table_shape("'" ~ (source(system, entity) | string | replace("'", "''")) ~ "'") ~ " and cluster_id = "
        ~ "(select system_identifier from pg_control_system())"
        ~ " and pg_snapshot_xmax(pg_current_snapshot())::text::bigint - since::text::bigint < 2 ^ 31"
    ).columns[0].values() -%}
    {%- if not since -%}
        {{- return("true") -}}
    {%- endif -%}
    {#- As an equation, of which the planner expects few rows; of a comparison it would expect a third of the table. In
        numbers modulo 2^32, as transaction ids are compared: age() would keep parallel workers out. -#}
    {{- return(
        "case when " ~ row_xmin ~ " is null or ((" ~ row_xmin ~ "::text::bigint - " ~ since[0] ~ ") & 4294967295)"
        ~ " < 2147483648 then 1 else 0 end = 1"
    ) -}}
{% endmacro %}
