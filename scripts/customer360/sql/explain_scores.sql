-- Grain: one row per pair of records that is asked for and was scored, in the order asked.
select
    scored.record_no_a,
    scored.record_no_b,
    scored.match_weight,
    scored.match_probability,
    {functions}.match_evidence(
        scored.prior_weight, scored.levels, scored.weights, scored.related_weight
    ) as evidence,
    scored.model_version
from unnest(%(record_nos_a)s::bigint[], %(record_nos_b)s::bigint[]) with ordinality as asked (record_no_a, record_no_b, place)
inner join {intermediate}.int_scored_pairs as scored using (record_no_a, record_no_b)
order by asked.place
