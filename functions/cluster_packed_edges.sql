-- The array of roots becomes rows here, in SQL that is inlined into the query that calls it: PL/pgSQL would store them
-- all first, which costs as much as to find them. Where few of the numbers up to the highest have an edge, records are
-- numbered among themselves first.
select
    member.record_no,
    member.cluster_no
from (
    select
        generate_series(1, cardinality(forest.roots)::bigint) as record_no,
        unnest(forest.roots) as cluster_no
    from (
        select {{ function("union_edges") }}(edges, highest) as roots
        where highest <= 16 * cardinality(edges)
        {{ computed_once() }}
    ) as forest
) as member
where member.cluster_no is not null

union all

select
    cluster.record_no,
    cluster.cluster_no
from (
    select
        array_agg(edge >> 32) as a,
        array_agg(edge & 4294967295) as b
    from unnest(edges) as edge
    where highest > 16 * cardinality(edges)
) as ends,
    {{ function("cluster_edges") }}(ends.a, ends.b) as cluster
