{#- Creates the indexes of meta.indexes that are not there yet, by name. It looks first, because even
    CREATE INDEX IF NOT EXISTS waits for writers. pg_trgm may stand in any schema. -#}
{% macro upsert_create_indexes(target) %}
    {%- set present = run_query(
        "select indexname from pg_indexes where schemaname = '" ~ target.schema ~ "'"
    ).columns[0].values() -%}
    {%- for index in config.get("meta", {}).get("indexes", []) if index.name not in present -%}
        {%- set columns = index.columns -%}
        {%- if "gin_trgm_ops" in columns -%}
            {%- set columns = columns | replace("gin_trgm_ops", extension_schema("pg_trgm") ~ ".gin_trgm_ops") -%}
        {%- endif -%}
        {%- call statement("index") -%}
            create {{ "unique " if index.unique }}index {{ adapter.quote(index.name) }}
            on {{ target }} using {{ index.type | default("btree") }} ({{ columns }})
            {%- if index.with %} with ({{ index.with }}){% endif %}
            {%- if index.where %} where {{ index.where }}{% endif %}
        {%- endcall -%}
    {%- endfor -%}
{% endmacro %}
