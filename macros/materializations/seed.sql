{#- A seed whose file and table are the same as last time stays as it is; dbt would load it again in every run. Columns
    that the file has come to have are added first: dbt would fail, or drop the table with all that stands on it. -#}
{% materialization seed, adapter="postgres" %}
    {%- if is_unchanged("seed") -%}
        {#- dbt shows how many rows the file has. -#}
        {%- do store_result("agate_table", response="OK", agate_table=load_agate_table()) -%}
        {%- call noop_statement("main", "UNCHANGED", "UNCHANGED", 0) -%} {%- endcall -%}
        {{ return({"relations": [load_cached_relation(this) or this]}) }}
    {%- endif -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is not none and existing.is_table -%}
        {%- set standing = adapter.get_columns_in_relation(existing) | map(attribute="name") | list -%}
        {%- set file = load_agate_table() -%}
        {%- for name in file.column_names if name not in standing -%}
            {%- set type = config.get("column_types", {}).get(name) or adapter.convert_type(file, file.column_names.index(name)) -%}
            {%- do run_query("alter table " ~ existing ~ " add column " ~ adapter.quote(name) ~ " " ~ type) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set done = dbt.materialization_seed_default() -%}
    {%- do note_as_built("seed") -%}
    {{ return(done) }}
{% endmaterialization %}
