{#- Those of `legacy_entities` whose tables this run can read, asked for in one query; a view is as good as a table. What
    is missing or switched off says nothing about its records, so they are left as they were. -#}
{% macro readable_entities() %}
    {%- set readable = [] -%}
    {%- if execute -%}
        {%- set tables = [] -%}
        {%- for item in legacy_entities() -%}
            {%- do tables.append("('" ~ item.model ~ "', " ~ legacy_table_name(item) ~ ")") -%}
        {%- endfor -%}
        {%- set there = run_query(
            "select model from (values " ~ tables | join(", ") ~ ") as legacy (model, name)"
            ~ " where to_regclass(name) is not null"
        ).columns[0].values() -%}
        {%- for item in legacy_entities() if item.model in there or source(item.system, item.entity).is_cte -%}
            {%- do readable.append(item) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(readable) -}}
{% endmacro %}
