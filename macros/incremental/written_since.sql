{#- The condition that leaves rows out which nobody has written since this project last looked at their table: by
    the transaction that wrote a row (its system column xmin), so that no clock and no `updated_at` has to be
    trusted. It may let more rows through (their hashes are compared then), and never fewer.
    since: one of `last_scans`; without it, all rows are read. -#}
{% macro written_since(since, row_xmin) %}
    {%- if since is none or since is undefined -%}
        {{- return("true") -}}
    {%- endif -%}
    {#- As an equation, of which the planner expects few rows; of a comparison it would expect a third of the table. In
        numbers modulo 2^32, as transaction ids are compared: age() would keep parallel workers out. -#}
    {{- return(
        "case when " ~ row_xmin ~ " is null or ((" ~ row_xmin ~ "::text::bigint - " ~ since ~ ") & 4294967295)"
        ~ " < 2147483648 then 1 else 0 end = 1"
    ) -}}
{% endmacro %}
