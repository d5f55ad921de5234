{#- Aggregates over the rows of edges for `cluster_packed_edges`: every edge as one number, its larger record times 2^32
    plus its smaller one, and the highest record. One array of numbers is gathered and gone through in half the time
    of two. Numbers of records are positive and less than 2^31, as places in an array are; a larger one is out of range. -#}
{% macro packed_edges(a, b) -%}
array_agg(greatest({{ a }}, {{ b }}) * 4294967296 + least({{ a }}, {{ b }})) filter (where {{ a }} <> {{ b }}) as edges,
        max(greatest({{ a }}, {{ b }})) as highest
{%- endmacro %}
