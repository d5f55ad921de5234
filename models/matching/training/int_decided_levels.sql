-- Grain: one row per kind, attribute and level: how many pairs that people linked reach it.
{{ config(enabled=var("match_training", false)) }}

with vectors as (
    {{ compared_pairs(ref("int_decided_pairs")) }}
)

select
    vectors.kind,
    levels.attribute_no,
    levels.attribute,
    levels.level,
    count(*) as pairs
from vectors
inner join {{ ref("int_decided_pairs") }} as decided
    on decided.record_no_a = vectors.record_no_a and decided.record_no_b = vectors.record_no_b
cross join
    lateral (
        values
        {%- for attribute in match_attributes() %}
        ({{ loop.index }}, '{{ attribute.name }}', vectors.{{ attribute.name }}){{ "," if not loop.last }}
        {%- endfor %}
    ) as levels (attribute_no, attribute, level)
where decided.is_match and levels.level is not null
group by 1, 2, 3, 4
