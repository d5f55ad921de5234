-- Grain: one row per live record of a component that this run takes apart: the connected component of the evidence
-- that it is in, and its cluster within that, each named by its oldest record. A component is one cluster, unless a
-- decision separates two of its records or it holds more than `max_cluster_records`: then its edges are taken one by
-- one, strongest first, and those are refused that would join what must stay apart.
with edges as (
    select *
    from {{ ref("int_edges") }}
    where {{ touched("record_no_b", "int_reopened_records", ["record_no"]) }}
),

components as (
    select
        cluster.record_no,
        cluster.cluster_no as component_no
    from
        (
            select
                array_agg(record_no_a) as a,
                array_agg(record_no_b) as b
            from edges
        ) as ends,
        {{ function("cluster_edges") }}(ends.a, ends.b) as cluster
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
),

members as (
    select
        records.record_no,
        records.tenant_id,
        records.system,
        records.entity,
        records.source_id,
        coalesce(components.component_no, records.record_no) as component_no,
        coalesce(clusters.cluster_no, components.component_no, records.record_no) as anchor_no,
        {{ says_who("records") }} as says_who
    from {{ ref("int_records") }} as records
    left join components on components.record_no = records.record_no
    left join clusters on clusters.record_no = records.record_no
    where records.record_status = 'live' and {{ touched("records.record_no", "int_reopened_records") }}
)

select
    record_no,
    tenant_id,
    system,
    entity,
    source_id,
    component_no,
    anchor_no,
    bool_or(says_who) over (partition by anchor_no) as is_identified
from members
