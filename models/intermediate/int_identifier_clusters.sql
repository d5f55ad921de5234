-- Grain: one row per record of an identifier edge that this run takes up again: the connected component of these edges
-- that it is in, and the cluster that identifiers and decisions alone put it in, each named by its oldest record.
-- Where a decision separates two records of one component, or it holds more than `max_cluster_records`, its edges are
-- taken one by one, strongest first, and those are refused that would join what must stay apart.
with edges as (
    select *
    from {{ ref("int_edges") }}
    where rule <> 'score' and {{ touched("record_no_b", "int_reopened_records", ["record_no"]) }}
),

components as (
    select
        cluster.record_no,
        cluster.cluster_no as component_no
    from
        (select {{ packed_edges("record_no_a", "record_no_b") }} from edges) as packed,
        {{ function("cluster_packed_edges") }}(packed.edges, packed.highest) as cluster
),

separated as (
    select
        overrides.record_no_a,
        overrides.record_no_b,
        a.component_no
    from {{ ref("int_overrides") }} as overrides
    inner join components as a on a.record_no = overrides.record_no_a
    inner join components as b on b.record_no = overrides.record_no_b and b.component_no = a.component_no
    where overrides.decision = 'separate'
),

doubtful as (
    select component_no from separated
    union
    select component_no from components
    group by component_no
    having count(*) > {{ var("max_cluster_records") }}
),

doubtful_edges as (
    select
        array_agg(edges.record_no_a order by {{ strongest_first("edges") }}) as a,
        array_agg(edges.record_no_b order by {{ strongest_first("edges") }}) as b,
        array_agg(edges.rule in ('override', 'reference') order by {{ strongest_first("edges") }}) as is_sure
    from edges
    inner join components on components.record_no = edges.record_no_b
    where components.component_no in (select doubtful.component_no from doubtful)
),

apart as (
    select
        array_agg(record_no_a) as a,
        array_agg(record_no_b) as b
    from separated
),

clusters as (
    select
        cluster.record_no,
        cluster.cluster_no
    from doubtful_edges
    cross join apart
    cross join {{ function("cluster_edges_apart") }}(
        doubtful_edges.a, doubtful_edges.b, doubtful_edges.is_sure, apart.a, apart.b, {{ var("max_cluster_records") }}
    ) as cluster
)

select
    components.record_no,
    components.component_no,
    coalesce(clusters.cluster_no, components.component_no) as cluster_no
from components
left join clusters on clusters.record_no = components.record_no
