{#- Fills a table that this run has just created: there is nothing to compare with. Its primary key is taken off and
    put back at the end, for an index is built from sorted rows at half the cost of an insert for each; not where
    a foreign key needs it. Returns as `upsert_apply`. -#}
{% macro upsert_fill(target, staged, sql, options) %}
    {%- call statement("stage") -%}
        create temporary table {{ staged }} on commit drop as ({{ sql }}) with no data
    {%- endcall -%}
    {%- do upsert_check_new(target, "pg_temp." ~ staged, options) -%}
    {%- set columns = upsert_selected_columns(options) -%}
    {%- set touched = options.touched | default({}) -%}
    {%- set key = run_query(
        "select quote_ident(conname), pg_get_constraintdef(oid) from pg_constraint as keys where conrelid = '" ~ target
        ~ "'::regclass and contype = 'p' and not exists ("
        ~ "select from pg_constraint as others where others.confrelid = keys.conrelid and others.contype = 'f')"
    ).rows | first -%}
    {%- if key -%}
        {%- do run_query("alter table " ~ target ~ " drop constraint " ~ key[0]) -%}
    {%- endif -%}
    {%- call statement("fill") -%}
        insert into {{ target }} ({{ quoted_list(columns + touched.keys() | list) }})
        select {{ quoted_list(columns, "s") }}
        {%- for value in touched.values() %}, {{ value }}{% endfor %}
        from ({{ sql }}) as s
        {%- if options.order_by %} order by {{ options.order_by }}{% endif %}
    {%- endcall -%}
    {%- if key -%}
        {%- do run_query("alter table " ~ target ~ " add constraint " ~ key[0] ~ " " ~ key[1]) -%}
    {%- endif -%}
    {{- return({"inserted": load_result("fill").response.rows_affected, "updated": 0, "deleted": 0}) -}}
{% endmacro %}
