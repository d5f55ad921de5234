-- Candidate pairs, and the share of the pairs of one entity that is among them.
select
    count(*) as pairs,
    coalesce(
        count(*) filter (where a.truth = b.truth)::double precision / nullif(
            (
                select sum(n * (n - 1) / 2)
                from (select count(*) as n from {sample}.records group by truth) as entities
            ), 0
        ), 1
    ) as recall
from {intermediate}.int_candidate_pairs as pairs
inner join {sample}.records as a on a.record_no = pairs.record_no_a
inner join {sample}.records as b on b.record_no = pairs.record_no_b
