{#- Runs one INSERT, UPDATE or DELETE and logs the rows that it changes; returns their number.
    logs: [{into: log table, columns: {log column: column of the target}, of: columns that matter (all)}]
    old: for an update, the join of the rows as they were (t) with the staged ones (s); they are logged as well. -#}
{% macro upsert_change(change, key, logs, old=none) %}
    {%- if not logs -%}
        {%- call statement("upsert_change") -%} {{ change }} {%- endcall -%}
        {{- return(load_result("upsert_change").response.rows_affected) -}}
    {%- endif -%}
    {%- call statement("upsert_change", fetch_result=True) -%}
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
        select count(*) from changed
    {%- endcall -%}
    {{- return(load_result("upsert_change").table.columns[0].values()[0] | int) -}}
{% endmacro %}
