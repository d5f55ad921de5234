{#- The columns that the sources YAML describes for a legacy table, in its order. -#}
{% macro legacy_columns(system, entity) %}
    {%- for node in graph.sources.values() if node.source_name == system and node.name == entity -%}
        {{- return(node.columns.values() | list) -}}
    {%- endfor -%}
    {%- do exceptions.raise_compiler_error(
        system ~ "." ~ entity ~ " is described in no sources YAML under models/staging/" ~ system ~ "."
    ) -%}
{% endmacro %}
