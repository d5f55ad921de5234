{#- Fills a table that this run has just created: there is nothing to compare with. Returns as `upsert_apply`. -#}
{% macro upsert_fill(target, sql, staged, options) %}
    {%- set columns = upsert_selected_columns(options) -%}
    {%- set touched = options.touched | default({}) -%}
    {%- call statement("check") -%}
        create temporary table {{ staged }} on commit drop as ({{ sql }}) with no data;
        do $upsert$
        declare
            differences text;
        begin
            {{ upsert_check_columns(target, staged, options) }}
        end
        $upsert$
    {%- endcall -%}
    {%- call statement("fill") -%}
        insert into {{ target }} ({{ quoted_list(columns + touched.keys() | list) }})
        select {{ quoted_list(columns, "s") }}
        {%- for value in touched.values() %}, {{ value }}{% endfor %}
        from ({{ sql }}) as s
        {%- if options.order_by %} order by {{ options.order_by }}{% endif %}
    {%- endcall -%}
    {{- return({"inserted": load_result("fill").response.rows_affected, "updated": 0, "deleted": 0}) -}}
{% endmacro %}
