-- Grain: one row per (cluster, attribute, place): the values that records give, best first, with the record that
-- first gave each. Place 1 is the golden value. Which value wins is said by the seed survivorship_rules: sources that
-- it lists come first, in its order, then its strategy. A view: asked for a few clusters, it reads only theirs.
{{ config(materialized="view") }}

with candidates as (
    select
        given.anchor_no,
        given.attribute,
        given.value,
        count(*) as records,
        max(given.updated_at) as latest_at,
        min(given.record_no) as record_no,
        array_agg(given.record_no order by given.record_no) as record_nos,
        min(array_position(string_to_array(rules.source_order, ' '), given.source)) as source_rank,
        min(rules.strategy) as strategy
    from {{ ref("int_given_values") }} as given
    inner join {{ ref("survivorship_rules") }} as rules on rules.attribute = given.attribute
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
