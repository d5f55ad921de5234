{#- Creates those indexes of meta.indexes that are missing. pg_trgm may stand in any schema. -#}
{% macro upsert_create_indexes(target, missing) %}
    {%- for index in config.get("meta", {}).get("indexes", []) if index.name in missing -%}
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
