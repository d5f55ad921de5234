{#- Whether a view, seed or function stands as this project last made it, and would be made the same again. -#}
{% macro is_unchanged(kind) %}
    {%- if flags.FULL_REFRESH -%} {{- return(false) -}} {%- endif -%}
    {%- set found = run_query(
        "select exists (select from " ~ operations_table("built_objects") ~ " as built where built.kind = '" ~ kind
        ~ "' and built.schema_name = '" ~ this.schema ~ "' and built.name = '" ~ this.identifier
        ~ "' and built.definition = '" ~ object_definition(kind) ~ "' and built.state = (" ~ object_state(kind) ~ "))"
    ) -%}
    {{- return(found.columns[0].values()[0]) -}}
{% endmacro %}
