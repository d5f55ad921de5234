{#- Deletes what is not staged, forgets the staged rows that the table has as they are, updates and inserts the rest, and
    writes what changed into the logs of `meta.upsert.log` in the same transaction.
    ON CONFLICT lets an insert of the application's own slip in between without failing the build.
    is_empty: no row is staged, so there is at most something to delete.
    Returns {inserted, updated, deleted}. -#}
{% macro upsert_apply(target, staged, key, options, is_empty) %}
    {%- set columns = upsert_selected_columns(options) -%}
    {%- set values = columns | reject("in", key) | list -%}
    {%- set touched = options.touched | default({}) -%}
    {%- set logs = [] if is_full_run() else options.log | default([]) -%}
    {%- set within = upsert_within(options, "t") -%}
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
    {%- set counts = {} -%}

    {%- set delete -%}
        delete from {{ target }} as t
        where {{ within }} and not exists (select from {{ staged }} as s where {{ same_key }})
    {%- endset -%}
    {%- do counts.update(deleted=0 if within == "false" else upsert_change(delete, key, logs)) -%}
    {%- if is_empty -%}
        {%- do counts.update(inserted=0, updated=0) -%}
        {{- return(counts) -}}
    {%- endif -%}

    {#- What is left is new or differs; in one statement all parts see the table as it was before, so that the old rows
        can be logged beside the new. -#}
    {%- call statement("prune") -%}
        delete from {{ staged }} as s using {{ target }} as t
        where {{ same_key }}{% if values %} and ({{ quoted_list(values, "t") }}) is not distinct from ({{ quoted_list(values, "s") }}){% endif %}
    {%- endcall -%}
    {%- if load_result("prune").response.rows_affected -%}
        {%- call statement("analyze") -%} analyze {{ staged }} {%- endcall -%}
    {%- endif -%}

    {%- set update -%}
        update {{ target }} as t set {{ assignments }} from {{ staged }} as s where {{ same_key }}
    {%- endset -%}
    {%- set old -%} {{ target }} as t inner join {{ staged }} as s on {{ same_key }} {%- endset -%}
    {%- do counts.update(updated=upsert_change(update, key, logs, old) if values else 0) -%}

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
    {%- do counts.update(inserted=upsert_change(insert, key, logs)) -%}
    {{- return(counts) -}}
{% endmacro %}
