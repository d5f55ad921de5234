-- Grain: one row per sort of decision on pairs of records: how many were made, and how many find both records live.
with made as (
    select decision from {ops}.match_overrides
    union all
    select decision from {seeds}.match_overrides
),

in_force as (
    select
        decision,
        count(*) as pairs
    from {intermediate}.int_overrides
    where record_no_a is not null and record_no_b is not null
    group by decision
)

select
    made.decision,
    count(*) as pairs,
    coalesce(max(in_force.pairs), 0) as in_force
from made
left join in_force using (decision)
group by made.decision
order by made.decision
