{#- Stages what differs, the rows of the model joined with those of the table that it answers for: new, changed, and gone,
    each beside what the table has. Then logs, deletes, updates and inserts from that, in the same transaction and in one
    call of the server: after a small change, the round trips of a step for each would take longer than the work.
    ON CONFLICT lets an insert of the application's own slip in between without failing the build.
    The table is analysed when so much of it changed, now and since the last time, that plans may go wrong: a tenth, as
    autovacuum has it, which comes too late for the models behind this one. To analyse a wide table takes longer than to
    write a small delta into it.
    Returns {inserted, updated, deleted}. -#}
{% macro upsert_apply(target, sql, staged, key, options, is_full) %}
    {%- set columns = upsert_selected_columns(options) -%}
    {%- set values = columns | reject("in", key) | list -%}
    {%- set touched = options.touched | default({}) -%}
    {%- set logs = [] if is_full else options.log | default([]) -%}
    {%- set within = upsert_within(options, "t", is_full) -%}
    {%- set kept = upsert_kept_columns(key, logs) -%}
    {%- set same_key -%}
        {%- for column in key -%}
            t.{{ adapter.quote(column) }} = s.{{ adapter.quote(column) }}{{ " and " if not loop.last }}
        {%- endfor -%}
    {%- endset -%}
    {%- set same_row -%}
        {%- for column in key -%}
            t.{{ adapter.quote(column) }} = s.{{ upsert_was(column) }}{{ " and " if not loop.last }}
        {%- endfor -%}
    {%- endset -%}
    {%- set is_new = "s." ~ upsert_was(key[0]) ~ " is null" -%}
    {%- set is_gone = "s." ~ adapter.quote(key[0]) ~ " is null" -%}
    {%- set assignments -%}
        {%- for column in values -%}
            {{ adapter.quote(column) }} = s.{{ adapter.quote(column) }}{{ ", " if not loop.last or touched }}
        {%- endfor -%}
        {%- for column, value in touched.items() -%}
            {{ adapter.quote(column) }} = {{ value }}{{ ", " if not loop.last }}
        {%- endfor -%}
    {%- endset -%}
    {%- set insert -%}
        insert into {{ target }} as t ({{ quoted_list(columns + touched.keys() | list) }})
        select {{ quoted_list(columns, "s") }}
        {%- for value in touched.values() %}, {{ value }}{% endfor %}
        from {{ staged }} as s
        where {{ is_new }}
        {%- if options.order_by %} order by {{ options.order_by }}{% endif %}
        on conflict ({{ quoted_list(key) }}) do
        {%- if values %} update set ({{ quoted_list(values + touched.keys() | list) }})
        = row({{ quoted_list(values, "excluded") }}{% for value in touched.values() %}, {{ value }}{% endfor %})
        {%- else %} nothing {%- endif %}
    {%- endset -%}

    {%- call statement("main", fetch_result=True) -%}
        do $upsert$
        #variable_conflict use_column
        declare
            differences text;
            rows_inserted bigint := 0;
            rows_updated bigint := 0;
            rows_deleted bigint := 0;
        begin
            begin
                create temporary table {{ staged }} on commit drop as
                select
                    {{ quoted_list(columns, "s") }}
                    {%- for column in kept %},
                    t.{{ adapter.quote(column) }} as {{ upsert_was(column) }}
                    {%- endfor %}
                from (
                    {{ sql }}
                ) as s
                {%- if within == "false" %}
                left join {{ target }} as t on {{ same_key }}
                where
                    t.{{ adapter.quote(key[0]) }} is null
                {%- else %}
                full join (select * from {{ target }} as t where {{ within }}) as t on {{ same_key }}
                where
                    t.{{ adapter.quote(key[0]) }} is null
                    or {{ is_gone }}
                {%- endif %}
                {%- if values %}
                    or ({{ quoted_list(values, "t") }}) is distinct from ({{ quoted_list(values, "s") }})
                {%- endif %};
            exception
                -- Only what the contract does not promise fails to compare: say what that is.
                when undefined_function or undefined_column or datatype_mismatch then
                    create temporary table {{ staged }} on commit drop as (
                        {{ sql }}
                    ) with no data;
                    {{ upsert_check_columns(target, "pg_temp." ~ staged, options) }}
                    raise;
            end;
            {{ upsert_check_columns(target, "pg_temp." ~ staged, options, kept) }}
            {#- Of no rows there is nothing to know. #}
            if exists (select from {{ staged }}) then
                create unique index on {{ staged }} ({{ quoted_list(key) }});
                analyze {{ staged }} ({{ quoted_list(key) }});
                {%- for log in logs %}
                {{ upsert_log(log, staged, is_new, is_gone) }};
                {%- endfor %}
                {%- if within != "false" %}
                delete from {{ target }} as t using {{ staged }} as s where {{ same_row }} and {{ is_gone }};
                get diagnostics rows_deleted = row_count;
                {%- endif %}
                {%- if values %}
                update {{ target }} as t set {{ assignments }}
                from {{ staged }} as s where {{ same_row }} and not {{ is_gone }};
                get diagnostics rows_updated = row_count;
                {%- endif %}
                {{ upsert_insert(insert, "rows_inserted", logs) }}
            end if;
            if (
                select
                    rows_inserted + rows_updated + rows_deleted > 0
                    and pg_stat_get_mod_since_analyze(oid) + rows_inserted + rows_updated + rows_deleted
                    > 1000 + greatest(reltuples, 0) / 10
                from pg_class
                where oid = '{{ target }}'::regclass
            ) then
                analyze {{ target }};
            end if;
            perform set_config('customer360.upserted', concat_ws(' ', rows_inserted, rows_updated, rows_deleted), true);
        end
        $upsert$;
        select current_setting('customer360.upserted')
    {%- endcall -%}
    {%- set counts = (load_result("main").data[0][0]).split() -%}
    {{- return({"inserted": counts[0] | int, "updated": counts[1] | int, "deleted": counts[2] | int}) -}}
{% endmacro %}
