{#- Column names quoted, joined by commas, each behind the alias if one is given. -#}
{% macro quoted_list(names, alias=none) -%}
    {%- for name in names -%}
        {{ alias ~ "." if alias }}{{ adapter.quote(name) }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
