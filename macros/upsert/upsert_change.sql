{#- PL/pgSQL: runs one INSERT, UPDATE or DELETE, logs the rows that it changes, and leaves their number in `counter`.
    logs: [{into: log table, columns: {log column: column of the target}, of: columns that matter (all)}]
    old: for an update, the join of the rows as they were (t) with the staged ones (s); they are logged as well. -#}
{% macro upsert_change(change, counter, key, logs, old=none) %}
    {%- if not logs %}
    {{ change }};
    get diagnostics {{ counter }} = row_count;
    {%- else %}
    with changed as ({{ change }} returning t.*)
    {%- for log in logs %},
    logged_{{ loop.index }} as (
        insert into {{ operations_table(log.into) }} ({{ quoted_list(log.columns.keys()) }})
        select {{ quoted_list(log.columns.values(), "changed") }}
        from changed
        {%- if old and log.of %}
        where exists (
            select from {{ old }}
            where
                ({{ quoted_list(key, "t") }})
                = ({{ quoted_list(key, "changed") }})
                and ({{ quoted_list(log.of, "t") }}) is distinct from ({{ quoted_list(log.of, "s") }})
        )
        {%- else %}
        where num_nulls({{ quoted_list(log.columns.values(), "changed") }}) = 0
        {%- if old %}
        union
        select {{ quoted_list(log.columns.values(), "t") }}
        from {{ old }}
        where num_nulls({{ quoted_list(log.columns.values(), "t") }}) = 0
        {%- endif %}
        {%- endif %}
    )
    {%- endfor %}
    select count(*) into {{ counter }} from changed;
    {%- endif %}
{% endmacro %}
