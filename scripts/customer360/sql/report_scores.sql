-- Grain: one row per twentieth of the match probability: the scored pairs in it.
select
    (bucket - 1) / 20.0::double precision as at_least,
    bucket / 20.0::double precision as below,
    count(match_probability) as pairs
from generate_series(1, 20) as buckets (bucket)
left join {intermediate}.int_scored_pairs as scored
    on least(width_bucket(scored.match_probability, 0, 1, 20), 20) = buckets.bucket
group by bucket
order by bucket
