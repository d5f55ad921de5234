-- Grain: one row per live record: the connected component of the evidence that it is in, named by its anchor, the
-- member first seen.
with components as (
    select
        cluster.record_no,
        cluster.cluster_no
    from
        (
            select
                array_agg(record_no_a) as a,
                array_agg(record_no_b) as b
            from {{ ref("int_edges") }}
        ) as edges,
        {{ function("cluster_edges") }}(edges.a, edges.b) as cluster
),

members as (
    select
        records.record_no,
        records.tenant_id,
        records.system,
        records.entity,
        records.source_id,
        coalesce(components.cluster_no, records.record_no) as anchor_no,
        coalesce(
            records.full_name, records.organization_name, records.phone, records.whatsapp_number, records.email
        ) is not null as says_who
    from {{ ref("int_records") }} as records
    left join components on components.record_no = records.record_no
    where records.record_status = 'live'
)

select
    record_no,
    tenant_id,
    system,
    entity,
    source_id,
    anchor_no,
    bool_or(says_who) over (partition by anchor_no) as is_identified
from members
