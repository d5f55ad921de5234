{#- A person's name in the order of speech: 'García López, María José' is María José García López. -#}
{% macro name_in_order(column) -%}
case
    when {{ column }} like '%,%' then regexp_replace({{ column }}, '^([^,]+), ?([^,]+)$', '\2 \1') else {{ column }}
end
{%- endmacro %}
