-- Grain: one row per kind, attribute and level: how many random pairs reach it. Level -1 is a missing value.
{{ config(enabled=var("match_training", false)) }}

select
    vectors.kind,
    levels.attribute_no,
    levels.attribute,
    coalesce(levels.level, -1) as level,
    count(*) as pairs
from {{ ref("int_random_vectors") }} as vectors
cross join
    lateral (
        values
        {%- for attribute in match_attributes() %}
        ({{ loop.index }}, '{{ attribute.name }}', vectors.{{ attribute.name }}){{ "," if not loop.last }}
        {%- endfor %}
    ) as levels (attribute_no, attribute, level)
group by 1, 2, 3, 4
