{#- A person's name in the order of speech: 'García López, María José' is María José García López. -#}
{% macro name_in_order(column) -%}
regexp_replace({{ column }}, '^([^,]+), ?([^,]+)$', '\2 \1')
{%- endmacro %}
