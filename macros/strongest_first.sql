{#- The order in which edges are taken: one order for all, so that the same edges always give the same clusters.
    What was compared only counts after what is shared. -#}
{% macro strongest_first(edges) -%}
    {{ edges }}.rule = 'score', {{ edges }}.weight desc, {{ edges }}.record_no_b, {{ edges }}.record_no_a, {{ edges }}.rule, {{ edges }}.value collate "C"
{%- endmacro %}
