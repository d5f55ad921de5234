-- Grain: one row per decision of people on pairs of records, and how many of them name two records that are there.
select
    decision,
    count(*) as pairs,
    count(*) filter (where record_no_a is not null and record_no_b is not null) as in_force
from {intermediate}.int_overrides
group by decision
order by decision
