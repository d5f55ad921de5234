{#- SQL: the values that records give, best first, one row per (cluster, attribute, place), from `given`: a relation like
    int_given_values. Which value wins is said by the seed survivorship_rules: sources that it lists come first, in its
    order, then its strategy. -#}
{% macro golden_values(given) %}
with rules as materialized (
    select
        attribute,
        strategy,
        string_to_array(source_order, ' ') as source_order
    from {{ ref("survivorship_rules") }}
),

candidates as (
    select
        given.anchor_no,
        given.attribute,
        given.value,
        count(*) as records,
        max(given.updated_at) as latest_at,
        min(given.record_no) as record_no,
        array_agg(given.record_no order by given.record_no) as record_nos,
        min(array_position(rules.source_order, given.source)) as source_rank,
        min(rules.strategy) as strategy
    from {{ given }} as given
    inner join rules on rules.attribute = given.attribute
    group by given.anchor_no, given.attribute, given.value
),

ranked as (
    select
        *,
        row_number() over (
            partition by anchor_no, attribute
            order by
                source_rank asc nulls last,
                case strategy
                    when 'most_frequent' then records
                    when 'most_complete' then length(value)
                    when 'first_seen' then -record_no
                end desc,
                latest_at desc nulls last,
                record_no asc,
                value collate "C" asc
        ) as place
    from candidates
)

select
    anchor_no,
    attribute,
    place,
    value,
    record_no,
    record_nos,
    strategy,
    source_rank,
    records
from ranked
{% endmacro %}
