{#- A count as matching takes it: rounded to a half power of two, so that weights are a function of the data alone and
    yet stand still while a count changes a little. -#}
{% macro rounded_count(count) -%}
power(2::double precision, round(2 * log(2, ({{ count }})::numeric)) / 2)
{%- endmacro %}
