-- Grain: one row per kind and comparison pattern: how many candidate pairs have it. Level -1 is a missing value.
-- Pairs on which people decided are counted in int_decided_levels instead.
{{ config(enabled=var("match_training", false), pre_hook="{{ hash_joins() }}") }}
{%- set names = match_attributes() | map(attribute="name") | list %}

-- Levels are counted as they stand, and made arrays when few rows are left.
with counted as (
    select
        kind,
        {%- for name in names %}
        {{ name }},
        {%- endfor %}
        count(*) as pairs
    from {{ ref("int_comparison_vectors") }} as vectors
    where
        not exists (
            select
            from {{ ref("int_decided_pairs") }} as decided
            where decided.record_no_a = vectors.record_no_a and decided.record_no_b = vectors.record_no_b
        )
    group by kind, {{ names | join(", ") }}
)

select
    kind,
    array[
        {%- for name in names %}
        coalesce({{ name }}, -1)::smallint{{ "," if not loop.last }}
        {%- endfor %}
    ] as pattern,
    pairs
from counted
