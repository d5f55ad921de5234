-- Grain: one row per kind, attribute and level: how many random pairs reach it. Level -1 is a missing value.
{{ config(enabled=var("match_training", false)) }}
{%- set names = match_attributes() | map(attribute="name") | list %}

with vectors as (
    {{ compared_pairs(ref("int_random_pairs")) }}
),

patterns as (
    select
        kind,
        {%- for name in names %}
        {{ name }},
        {%- endfor %}
        count(*) as pairs
    from vectors
    group by kind, {{ names | join(", ") }}
)

select
    patterns.kind,
    levels.attribute_no,
    levels.attribute,
    coalesce(levels.level, -1) as level,
    sum(patterns.pairs)::bigint as pairs
from patterns
cross join
    lateral (
        values
        {%- for name in names %}
        ({{ loop.index }}, '{{ name }}', patterns.{{ name }}){{ "," if not loop.last }}
        {%- endfor %}
    ) as levels (attribute_no, attribute, level)
group by patterns.kind, levels.attribute_no, levels.attribute, coalesce(levels.level, -1)
