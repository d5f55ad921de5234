-- Grain: one row per live record of a component that this run takes apart: the connected component of the evidence
-- that it is in, and its cluster within that, each named by its oldest record. The clusters that identifiers make
-- are joined further by the scored pairs that `int_linked_pairs` took, strongest first and none that would make a
-- cluster of more than `max_cluster_records`. Scores tie what identifiers have tied already, so only that is joined.
{{ config(meta={"parallel": true}) }}

with scored as (
    select
        coalesce(a.component_no, edges.record_no_a) as component_no_a,
        coalesce(b.component_no, edges.record_no_b) as component_no_b
    from {{ ref("int_edges") }} as edges
    left join {{ ref("int_identifier_clusters") }} as a on a.record_no = edges.record_no_a
    left join {{ ref("int_identifier_clusters") }} as b on b.record_no = edges.record_no_b
    where edges.rule = 'score' and {{ touched("edges.record_no_b", "int_reopened_records", ["record_no"]) }}
),

scored_components as (
    select
        cluster.record_no as component_no,
        cluster.cluster_no as joined_no
    from
        (
            select {{ packed_edges("component_no_a", "component_no_b") }}
            from scored
        ) as packed,
        {{ function("cluster_packed_edges") }}(packed.edges, packed.highest) as cluster
),

linked as (
    select *
    from {{ ref("int_linked_pairs") }}
    where is_accepted
),

linked_clusters as (
    select
        cluster.record_no as cluster_no,
        cluster.cluster_no as joined_no
    from
        (
            select {{ packed_edges("record_no_a", "record_no_b") }}
            from linked
        ) as packed,
        {{ function("cluster_packed_edges") }}(packed.edges, packed.highest) as cluster
),

joined as (
    select
        identified.record_no,
        coalesce(linked_clusters.joined_no, identified.cluster_no) as cluster_no
    from {{ ref("int_identifier_clusters") }} as identified
    left join linked_clusters on linked_clusters.cluster_no = identified.cluster_no

    union all

    -- A record that no identifier ties is a cluster of its own.
    select
        linked_clusters.cluster_no as record_no,
        linked_clusters.joined_no as cluster_no
    from linked_clusters
    where not exists (
        select from {{ ref("int_identifier_clusters") }} as identified
        where identified.record_no = linked_clusters.cluster_no
    )
),

oversized as (
    select cluster_no
    from joined
    group by cluster_no
    having count(*) > {{ var("max_cluster_records") }}
),

ties as (
    select
        cluster_no as record_no_a,
        record_no as record_no_b,
        'Infinity'::double precision as weight,
        true as is_sure
    from {{ ref("int_identifier_clusters") }}

    union all

    select
        record_no_a,
        record_no_b,
        match_weight as weight,
        false as is_sure
    from linked
),

cut as (
    select
        cluster.record_no,
        cluster.cluster_no
    from
        (
            select
                array_agg(ties.record_no_a order by ties.weight desc, ties.record_no_b asc, ties.record_no_a asc) as a,
                array_agg(ties.record_no_b order by ties.weight desc, ties.record_no_b asc, ties.record_no_a asc) as b,
                array_agg(ties.is_sure order by ties.weight desc, ties.record_no_b asc, ties.record_no_a asc) as is_sure
            from ties
            inner join joined on joined.record_no = ties.record_no_b
            inner join oversized on oversized.cluster_no = joined.cluster_no
        ) as ends,
        {{ function("cluster_edges_apart") }}(
            ends.a, ends.b, ends.is_sure, '{}', '{}', {{ var("max_cluster_records") }}
        ) as cluster
),

members as (
    select
        records.record_no,
        records.tenant_id,
        records.system,
        records.entity,
        records.source_id,
        records.customer_id,
        coalesce(scored_components.joined_no, identified.component_no, records.record_no) as component_no,
        coalesce(cut.cluster_no, joined.cluster_no, records.record_no) as anchor_no,
        {{ says_who("records") }} as says_who
    from {{ ref("int_records") }} as records
    left join {{ ref("int_identifier_clusters") }} as identified on identified.record_no = records.record_no
    left join scored_components
        on scored_components.component_no = coalesce(identified.component_no, records.record_no)
    left join joined on joined.record_no = records.record_no
    left join cut on cut.record_no = records.record_no
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
    first_value(customer_id) over (partition by anchor_no order by record_no) as customer_id,
    bool_or(says_who) over (partition by anchor_no) as is_identified
from members
