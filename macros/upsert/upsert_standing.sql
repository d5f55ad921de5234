{#- What stands of an operational table, asked in one go: whether its worklist holds anything (`has_work`), and which
    columns and indexes of its contract are missing. Even CREATE INDEX IF NOT EXISTS would wait for writers. -#}
{% macro upsert_standing(target, worklist) %}
    {%- set indexes = config.get("meta", {}).get("indexes", []) | map(attribute="name") | list -%}
    {%- set found = run_query(
        "select "
        ~ ("exists (select from " ~ worklist_relation(worklist) ~ ")" if worklist else "true")
        ~ ", array_to_string(array(select name from unnest('{" ~ model.columns.keys() | join(",") ~ "}'::text[]) as name"
        ~ " where not exists (select from pg_attribute where attrelid = '" ~ target ~ "'::regclass and attname = name"
        ~ " and attnum > 0 and not attisdropped)), ' ')"
        ~ ", array_to_string(array(select name from unnest('{" ~ indexes | join(",") ~ "}'::text[]) as name"
        ~ " where not exists (select from pg_class where relname = name and relkind = 'i'"
        ~ " and relnamespace = '" ~ adapter.quote(target.schema) ~ "'::regnamespace)), ' ')"
    ).rows[0] -%}
    {{- return({
        "has_work": found[0],
        "missing_columns": (found[1] or "").split(),
        "missing_indexes": (found[2] or "").split(),
    }) -}}
{% endmacro %}
