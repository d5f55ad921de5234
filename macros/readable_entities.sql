{#- The legacy tables that this run can read, as a list of row values; a table that is missing or switched off
    says nothing about its records, so theirs are left as they were. -#}
{% macro readable_entities() %}
    {%- set rows = ["('', '')"] -%}
    {%- if execute -%}
        {%- for item in legacy_entities() if legacy_table_exists(item.system, item.entity) -%}
            {%- do rows.append("('" ~ item.system ~ "', '" ~ item.entity ~ "')") -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(rows | join(", ")) -}}
{% endmacro %}
