{#- Stages the model's result, deletes what is not staged, forgets the staged rows that the table has as they are, updates
    and inserts the rest, and writes what changed into the logs of `meta.upsert.log` in the same transaction. All in one
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
    {%- set same_key -%}
        {%- for column in key -%}
            t.{{ adapter.quote(column) }} = s.{{ adapter.quote(column) }}{{ " and " if not loop.last }}
        {%- endfor -%}
    {%- endset -%}
    {%- set assignments -%}
        {%- for column in values -%}
            {{ adapter.quote(column) }} = s.{{ adapter.quote(column) }}{{ ", " if not loop.last or touched }}
        {%- endfor -%}
        {%- for column, value in touched.items() -%}
            {{ adapter.quote(column) }} = {{ value }}{{ ", " if not loop.last }}
        {%- endfor -%}
    {%- endset -%}

    {%- set delete -%}
        delete from {{ target }} as t
        where {{ within }} and not exists (select from {{ staged }} as s where {{ same_key }})
    {%- endset -%}
    {%- set update -%}
        update {{ target }} as t set {{ assignments }} from {{ staged }} as s where {{ same_key }}
    {%- endset -%}
    {%- set old -%} {{ target }} as t inner join {{ staged }} as s on {{ same_key }} {%- endset -%}
    {%- set insert -%}
        insert into {{ target }} as t ({{ quoted_list(columns + touched.keys() | list) }})
        select {{ quoted_list(columns, "s") }}
        {%- for value in touched.values() %}, {{ value }}{% endfor %}
        from {{ staged }} as s
        where not exists (select from {{ target }} as t where {{ same_key }})
        {%- if options.order_by %} order by {{ options.order_by }}{% endif %}
        on conflict ({{ quoted_list(key) }}) do
        {%- if values %} update set ({{ quoted_list(values + touched.keys() | list) }})
        = row({{ quoted_list(values, "excluded") }}{% for value in touched.values() %}, {{ value }}{% endfor %})
        {%- else %} nothing {%- endif %}
    {%- endset -%}

    {%- call statement("main", fetch_result=True) -%}
        create temporary table {{ staged }} on commit drop as (
            {{ sql }}
        );
        do $upsert$
        #variable_conflict use_column
        declare
            differences text;
            rows_inserted bigint := 0;
            rows_updated bigint := 0;
            rows_deleted bigint := 0;
        begin
            {{ upsert_check_columns(target, "pg_temp." ~ staged, options) }}
            {#- Only the key is joined by; and of no rows there is nothing to know. #}
            if exists (select from {{ staged }}) then
                create unique index on {{ staged }} ({{ quoted_list(key) }});
                analyze {{ staged }} ({{ quoted_list(key) }});
            end if;
            {%- if within != "false" %}
            {{ upsert_change(delete, "rows_deleted", key, logs) }}
            {%- endif %}
            {#- What is left is new or differs; in one statement all parts see the table as it was before, so that the old
                rows can be logged beside the new. #}
            if exists (select from {{ staged }}) then
                delete from {{ staged }} as s using {{ target }} as t
                where {{ same_key }}
                {%- if values %} and ({{ quoted_list(values, "t") }}) is not distinct from ({{ quoted_list(values, "s") }}){% endif %};
                if found then
                    analyze {{ staged }} ({{ quoted_list(key) }});
                end if;
                {%- if values %}
                {{ upsert_change(update, "rows_updated", key, logs, old) }}
                {%- endif %}
                {{ upsert_change(insert, "rows_inserted", key, logs) }}
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
