{#- Adds the columns and indexes of its contract that an operational table lacks, each in a transaction of its own and before
    the model begins: what is added to a table keeps others out of it until it is committed. -#}
{% macro upsert_complete(target) %}
    {%- set indexes = config.get("meta", {}).get("indexes", []) | map(attribute="name") | list -%}
    {#- Asked first: even CREATE INDEX IF NOT EXISTS would wait for writers. -#}
    {%- set missing = run_query(
        "select array_to_string(array(select name from unnest('{" ~ model.columns.keys() | join(",") ~ "}'::text[]) as name"
        ~ " where not exists (select from pg_attribute where attrelid = '" ~ target ~ "'::regclass and attname = name"
        ~ " and attnum > 0 and not attisdropped)), ' ')"
        ~ ", array_to_string(array(select name from unnest('{" ~ indexes | join(",") ~ "}'::text[]) as name"
        ~ " where not exists (select from pg_class where relname = name and relkind = 'i'"
        ~ " and relnamespace = '" ~ adapter.quote(target.schema) ~ "'::regnamespace)), ' ')"
    ).rows[0] -%}
    {%- set commands = [] -%}
    {%- for name in (missing[0] or "").split() -%}
        {%- do commands.append(
            "alter table " ~ target ~ " add column " ~ adapter.quote(name) ~ " " ~ model.columns[name].data_type
        ) -%}
    {%- endfor -%}
    {%- for command in commands + upsert_index_commands(target, (missing[1] or "").split()) -%}
        {%- call statement("complete") -%}
            {{ under_lock_limit(
                "select " ~ dbt.string_literal(command | replace("'", "''")),
                "End the transactions that use the table, or build at a quieter time."
            ) }}
        {%- endcall -%}
        {%- do adapter.commit() -%}
    {%- endfor -%}
{% endmacro %}
