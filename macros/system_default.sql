{#- What a legacy system leaves unsaid (vars.systems.<system>.<setting>), by the system in a column. -#}
{% macro system_default(column, setting) -%}
    case {{ column }}
        {%- for system, settings in var("systems").items() if settings[setting] %}
        when '{{ system }}' then '{{ settings[setting] }}'
        {%- endfor %}
    end
{%- endmacro %}
