{#- Every (system, entity) of the systems that are switched on, in the order of dbt_project.yml. -#}
{% macro legacy_entities() %}
    {%- set entities = [] -%}
    {%- for system, settings in var("systems").items() if system not in var("disabled_systems") -%}
        {%- for entity in settings.entities -%}
            {%- do entities.append({"system": system, "entity": entity, "model": "stg_" ~ system ~ "__" ~ entity}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if not entities -%}
        {%- do exceptions.raise_compiler_error(
            "Every legacy system is switched off by the variable disabled_systems; leave at least one of: "
            ~ var("systems") | join(", ") ~ "."
        ) -%}
    {%- endif -%}
    {{- return(entities) -}}
{% endmacro %}
