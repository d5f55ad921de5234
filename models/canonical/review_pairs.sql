-- Grain: one row per pair of records that a person should look at: a tie that was refused, or one that holds although
-- the names contradict one another. A decision on the pair (`c360 link`, `c360 separate`) takes it off the list.
{{ config(materialized="view", contract={"enforced": false}) }}

with doubts as (
    select
        tenant_id,
        record_no_a,
        record_no_b,
        'refused' as doubt,
        rule,
        value,
        reason
    from {{ ref("int_refused_edges") }}

    union all

    select
        contradicting.tenant_id,
        contradicting.record_no_a,
        contradicting.record_no_b,
        'names contradict' as doubt,
        contradicting.rule,
        contradicting.value,
        contradicting.name_a || ' / ' || contradicting.name_b as reason
    from {{ ref("int_contradicting_names") }} as contradicting
    inner join {{ ref("int_clusters") }} as a on a.record_no = contradicting.record_no_a
    inner join {{ ref("int_clusters") }} as b
        on b.record_no = contradicting.record_no_b and b.anchor_no = a.anchor_no
)

select doubts.*
from doubts
where not exists (
    select from {{ ref("int_overrides") }} as overrides
    where
        overrides.record_no_a in (doubts.record_no_a, doubts.record_no_b)
        and overrides.record_no_b in (doubts.record_no_a, doubts.record_no_b)
)
