-- m, u and the share of matches of the one attribute that is compared, from the clusters that its first weights made:
-- pairs within a cluster are taken for matches, whatever they say themselves. From the levels alone nobody can tell how
-- many of those who are alike are one; that several are alike with the same others says it.
with clusters as (
    select clusters.record_no, clusters.cluster_no
    from (
        select array_agg(record_no_a) as a, array_agg(record_no_b) as b
        from {intermediate}.int_linked_pairs
        where is_accepted
    ) as links
    cross join lateral {functions}.cluster_edges(links.a, links.b) as clusters
),

totals as (
    select
        count(*)::double precision as records,
        count(*) * (count(*) - 1) / 2.0::double precision as pairs,
        (
            select sum(n * (n - 1) / 2)
            from (select count(*) as n from clusters group by cluster_no) as sizes
        )::double precision as joined_pairs
    from {intermediate}.int_match_features
),

found as (
    select
        vectors.{attribute} as level,
        count(*) filter (where a.cluster_no = b.cluster_no)::double precision as within,
        count(*) filter (where a.cluster_no is distinct from b.cluster_no)::double precision as across
    from {intermediate}.int_comparison_vectors as vectors
    left join clusters as a on a.record_no = vectors.record_no_a
    left join clusters as b on b.record_no = vectors.record_no_b
    where vectors.{attribute} is not null
    group by vectors.{attribute}
),

levels as (
    select
        weights.kind,
        weights.attribute,
        weights.level,
        (coalesce(found.within, 0) + %(strength)s * weights.m) / (sum(coalesce(found.within, 0)) over () + %(strength)s)
        as m,
        greatest(coalesce(found.across, 0), 0.5) / totals.pairs as u
    from {seeds}.match_weights as weights
    cross join totals
    left join found on found.level = weights.level
    where
        weights.model_version = %(version)s
        and weights.attribute = %(attribute)s
        and weights.kind = %(kind)s
        and totals.joined_pairs > 0
)

select
    kind,
    0 as class_no,
    attribute,
    level,
    m,
    case when level = 0 then 1 - sum(u) filter (where level > 0) over () else u end as u
from levels

union all

select %(kind)s, 0, 'matches_per_record', 0, joined_pairs / records, null::double precision
from totals
where joined_pairs > 0

order by 1, 2, 3, 4
