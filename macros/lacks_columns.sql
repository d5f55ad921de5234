{#- Whether a relation lacks one of the columns. -#}
{% macro lacks_columns(relation, columns) %}
    {%- if not columns -%}
        {{- return(false) -}}
    {%- endif -%}
    {%- set names = columns | map("replace", "'", "''") | join("', '") -%}
    {{- return(
        run_query(
            "select exists (select from unnest(array['" ~ names ~ "']) as name where name not in (select attname"
            ~ " from pg_attribute where attrelid = '" ~ relation ~ "'::regclass and not attisdropped))"
        ).rows[0][0]
    ) -}}
{% endmacro %}
