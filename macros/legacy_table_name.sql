{#- SQL: the name of a legacy table as a text, of one of `legacy_entities`. -#}
{% macro legacy_table_name(item) -%}
'{{ source(item.system, item.entity) | string | replace("'", "''") }}'
{%- endmacro %}
