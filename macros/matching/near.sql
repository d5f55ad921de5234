{#- Whether records a and b differ in at most so many letters of a column. -#}
{% macro near(column, limit) -%}
levenshtein_less_equal(a_{{ column }}, b_{{ column }}, {{ limit }}) <= {{ limit }}
{%- endmacro %}
