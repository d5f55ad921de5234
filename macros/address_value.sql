{#- The address of a record as one value (a JSON object as text), so that its parts survive together. -#}
{% macro address_value(alias) -%}
    {%- set parts = ["address_line1", "address_line2", "city", "state", "postal_code", "country"] -%}
    case
        when num_nonnulls({{ quoted_list(parts, alias) }}) > 0
            then jsonb_strip_nulls(jsonb_build_object(
                {%- for part in parts %}
                '{{ part }}', {{ alias }}.{{ part }}{{ "," if not loop.last }}
                {%- endfor %}
            ))::text
    end
{%- endmacro %}
