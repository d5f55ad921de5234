{#- Creates and fills a table at once: parallel workers run the query of CREATE TABLE AS, but never that of INSERT. The
    constraints of the contract are put on a temporary table first and taken from there when the rows are in. For a table
    without columns that the model does not select (identity, touched). Returns as `upsert_apply`. -#}
{% macro upsert_create_parallel(target, staged, sql, options) %}
    {%- call statement("contract_table") -%}
        create temporary table {{ staged }} {{ get_table_columns_and_constraints() }} on commit drop
    {%- endcall -%}
    {%- call statement("fill") -%}
        create table {{ target }} with ({{ room_for_updates() }}) as ({{ sql }})
    {%- endcall -%}
    {%- do upsert_check_new("pg_temp." ~ staged, target, options) -%}
    {%- set constraints = run_query(
        "select 'add ' || pg_get_constraintdef(oid) from pg_constraint where conrelid = 'pg_temp." ~ staged
        ~ "'::regclass and contype <> 'n' union all "
        ~ "select format('alter column %I set not null', attname) from pg_attribute where attrelid = 'pg_temp." ~ staged
        ~ "'::regclass and attnum > 0 and attnotnull"
    ).columns[0].values() -%}
    {%- if constraints -%}
        {%- do run_query("alter table " ~ target ~ " " ~ constraints | join(", ")) -%}
    {%- endif -%}
    {{- return({"inserted": load_result("fill").response.rows_affected, "updated": 0, "deleted": 0}) -}}
{% endmacro %}
