-- Pairwise and B³ precision and recall of the clusters at each threshold.
with clusters as (
    select links.threshold, clusters.record_no, clusters.cluster_no
    from (
        select threshold, array_agg(record_no_a) as a, array_agg(record_no_b) as b
        from {intermediate}.int_threshold_links
        group by threshold
    ) as links
    cross join lateral {functions}.cluster_edges(links.a, links.b) as clusters
),

thresholds as (
    select threshold::double precision
    from unnest(%(thresholds)s::double precision[]) as threshold
),

members as (
    select
        thresholds.threshold,
        records.truth,
        coalesce(clusters.cluster_no, records.record_no) as cluster_no
    from thresholds
    cross join {sample}.records as records
    left join clusters on clusters.threshold = thresholds.threshold and clusters.record_no = records.record_no
),

shares as (
    select threshold, cluster_no, truth, count(*)::double precision as n
    from members
    group by threshold, cluster_no, truth
),

sized as (
    select
        threshold,
        n,
        sum(n) over (partition by threshold, cluster_no) as in_cluster,
        sum(n) over (partition by threshold, truth) as in_truth
    from shares
),

sums as (
    select
        threshold,
        sum(n * (n - 1) / 2) as true_pairs,
        -- Of each cluster's pairs a part of size n counts for n / in_cluster.
        sum(n * (in_cluster - 1) / 2) as joined_pairs,
        sum(n * (in_truth - 1) / 2) as actual_pairs,
        sum(n * n / in_cluster) / sum(n) as b3_precision,
        sum(n * n / in_truth) / sum(n) as b3_recall
    from sized
    group by threshold
),

rates as (
    select
        threshold,
        coalesce(true_pairs / nullif(joined_pairs, 0), 1) as precision,
        coalesce(true_pairs / nullif(actual_pairs, 0), 1) as recall,
        b3_precision,
        b3_recall
    from sums
)

select
    threshold,
    precision,
    recall,
    coalesce(2 * precision * recall / nullif(precision + recall, 0), 0) as f1,
    b3_precision,
    b3_recall,
    2 * b3_precision * b3_recall / (b3_precision + b3_recall) as b3_f1
from rates
order by threshold
