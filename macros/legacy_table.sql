{#- The table of a legacy system, checked against the columns that its sources YAML describes.
    A missing table gives a warning and an empty stand-in, a missing column an error that names it. What has no
    transaction ids of its own (a view, a foreign table) gets NULL ones: its rows are compared by hash in every run. -#}
{% macro legacy_table(system, entity) %}
    {%- set relation = source(system, entity) -%}
    {%- if not execute -%}
        {{- return(relation) -}}
    {%- endif -%}
    {%- if relation.is_cte -%}
        {{- return("(select *, null::xid as xmin from " ~ relation ~ ")") -}}
    {%- endif -%}
    {%- set described = legacy_columns(system, entity) -%}
    {%- if not legacy_table_exists(system, entity) -%}
        {%- do exceptions.warn(
            "Table " ~ relation ~ " is not there, so " ~ system ~ "." ~ entity ~ " counts as unread in this run. "
            ~ "Create it, set vars.systems." ~ system ~ ".schema, or switch the system off: "
            ~ "--vars '{disabled_systems: [" ~ system ~ "]}'."
        ) -%}
        {%- set stand_ins = [] -%}
        {%- for column in described -%}
            {%- do stand_ins.append("null::" ~ column.data_type ~ " as " ~ adapter.quote(column.name)) -%}
        {%- endfor -%}
        {{- return("(select null::xid as xmin, " ~ stand_ins | join(", ") ~ " where false)") -}}
    {%- endif -%}
    {%- set present = adapter.get_columns_in_relation(relation) | map(attribute="name") | list -%}
    {%- set missing = [] -%}
    {%- set stand_ins = [] -%}
    {%- for column in described if column.name not in present -%}
        {%- if column.config.meta.optional -%}
            {%- do stand_ins.append("null::" ~ column.data_type ~ " as " ~ adapter.quote(column.name)) -%}
        {%- else -%}
            {%- do missing.append(column.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if missing -%}
        {%- do exceptions.raise_compiler_error(
            "Table " ~ relation ~ " lacks the column" ~ ("s " if missing | length > 1 else " ") ~ missing | join(", ")
            ~ ". Add it, or map another column in models/staging/" ~ system ~ " (the sources YAML and stg_"
            ~ system ~ "__" ~ entity ~ ")."
        ) -%}
    {%- endif -%}
    {%- if is_stored_table(relation) -%}
        {%- do stand_ins.append("xmin") -%}
    {%- else -%}
        {%- do stand_ins.append("null::xid as xmin") -%}
    {%- endif -%}
    {{- return("(select *, " ~ stand_ins | join(", ") ~ " from " ~ relation ~ ")") -}}
{% endmacro %}
