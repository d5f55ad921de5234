{#- Deletes, updates and inserts from the staged rows, each in one statement that touches only what differs.
    ON CONFLICT lets an insert of the application's own slip in between without failing the build.
    Returns {inserted, updated, deleted}. -#}
{% macro upsert_apply(target, staged, key, options) %}
    {%- set columns = upsert_selected_columns(options) -%}
    {%- set values = columns | reject("in", key) | list -%}
    {%- set touched = [options.touched] if options.touched else [] -%}
    {%- set same_key -%}
        {%- for column in key -%}
            t.{{ adapter.quote(column) }} = s.{{ adapter.quote(column) }}{{ " and " if not loop.last }}
        {%- endfor -%}
    {%- endset -%}
    {%- set assignments -%}
        {%- for column in values -%}
            {{ adapter.quote(column) }} = s.{{ adapter.quote(column) }}{{ ", " if not loop.last or touched }}
        {%- endfor -%}
        {%- for column in touched -%} {{ adapter.quote(column) }} = now() {%- endfor -%}
    {%- endset -%}
    {%- set counts = {"inserted": 0, "updated": 0, "deleted": 0} -%}

    {%- if options.scope | default("all") == "all" -%}
        {%- call statement("deleted") -%}
            delete from {{ target }} as t where not exists (select from {{ staged }} as s where {{ same_key }})
        {%- endcall -%}
        {%- do counts.update(deleted=load_result("deleted").response.rows_affected) -%}
    {%- endif -%}
    {%- if values -%}
        {%- call statement("updated") -%}
            update {{ target }} as t set {{ assignments }}
            from {{ staged }} as s
            where {{ same_key }}
                and ({{ quoted_list(values, "t") }}) is distinct from ({{ quoted_list(values, "s") }})
        {%- endcall -%}
        {%- do counts.update(updated=load_result("updated").response.rows_affected) -%}
    {%- endif -%}
    {%- call statement("inserted") -%}
        insert into {{ target }} ({{ quoted_list(columns + touched) }})
        select {{ quoted_list(columns, "s") }}{{ ", now()" if touched }}
        from {{ staged }} as s
        where not exists (select from {{ target }} as t where {{ same_key }})
        {%- if options.order_by %} order by {{ options.order_by }}{% endif %}
        on conflict ({{ quoted_list(key) }}) do
        {%- if values %} update set ({{ quoted_list(values + touched) }})
        = row({{ quoted_list(values, "excluded") }}{{ ", now()" if touched }})
        {%- else %} nothing {%- endif %}
    {%- endcall -%}
    {%- do counts.update(inserted=load_result("inserted").response.rows_affected) -%}
    {{- return(counts) -}}
{% endmacro %}
