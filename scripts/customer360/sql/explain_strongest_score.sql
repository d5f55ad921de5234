-- Grain: one row: the strongest scored pair between two sets of records, if there is one.
select
    scored.record_no_a,
    scored.record_no_b,
    scored.match_weight,
    scored.match_probability,
    {functions}.match_evidence(
        scored.prior_weight, scored.levels, scored.weights, scored.related_weight
    ) as evidence,
    scored.model_version
from (
    select *
    from {intermediate}.int_scored_pairs
    where record_no_a = any(%(records_a)s) and record_no_b = any(%(records_b)s)

    union all

    select *
    from {intermediate}.int_scored_pairs
    where record_no_a = any(%(records_b)s) and record_no_b = any(%(records_a)s)
) as scored
order by scored.match_weight desc, scored.record_no_a, scored.record_no_b
limit 1
