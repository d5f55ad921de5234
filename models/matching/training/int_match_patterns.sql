-- Grain: one row per kind and comparison pattern: how many candidate pairs have it. Level -1 is a missing value.
{{ config(enabled=var("match_training", false)) }}
{%- set attributes = match_attributes() %}

select
    kind,
    array[
        {% for a in attributes %}coalesce(
            {{ a.name }}, -1
        )::smallint{{ ", " if not loop.last }}{% endfor %}
    ] as pattern,
    count(*) as pairs
from {{ ref("int_comparison_vectors") }}
group by 1, 2
