{#- The commands that create the indexes of meta.indexes, or those that are named. pg_trgm may stand in any schema. -#}
{% macro upsert_index_commands(target, names=none) %}
    {%- set commands = [] -%}
    {%- for index in config.get("meta", {}).get("indexes", []) if names is none or index.name in names -%}
        {%- set columns = index.columns -%}
        {%- if "gin_trgm_ops" in columns -%}
            {%- set columns = columns | replace("gin_trgm_ops", extension_schema("pg_trgm") ~ ".gin_trgm_ops") -%}
        {%- endif -%}
        {%- do commands.append(
            "create " ~ ("unique " if index.unique else "") ~ "index " ~ adapter.quote(index.name)
            ~ " on " ~ target ~ " using " ~ (index.type or "btree") ~ " (" ~ columns ~ ")"
            ~ (" with (" ~ index.with ~ ")" if index.with else "")
            ~ (" where " ~ index.where if index.where else "")
        ) -%}
    {%- endfor -%}
    {{- return(commands) -}}
{% endmacro %}
