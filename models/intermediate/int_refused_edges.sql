-- Grain: one row per edge that was refused, because it would have joined what must stay apart. For review.
-- depends_on: {{ ref("int_reopened_records") }}
{{ config(
    materialized="upsert",
    unlogged=false,
    unique_key=["record_no_b", "rule", "value"],
    contract={"enforced": true},
    meta={
        "upsert": {
            "within": {"columns": {"record_no_b": "record_no"}, "worklist": "int_reopened_records"},
        }
    }
) }}

with split_components as (
    select distinct component_no
    from {{ ref("int_components") }}
    where anchor_no <> component_no
),

members as (
    select
        components.record_no,
        components.anchor_no
    from {{ ref("int_components") }} as components
    inner join split_components using (component_no)
),

refused as (
    select
        edges.*,
        a.anchor_no as anchor_no_a,
        b.anchor_no as anchor_no_b
    from members as b
    inner join {{ ref("int_edges") }} as edges on edges.record_no_b = b.record_no
    inner join members as a on a.record_no = edges.record_no_a and a.anchor_no <> b.anchor_no
),

separations as (
    select
        a.anchor_no as anchor_no_a,
        b.anchor_no as anchor_no_b,
        min(overrides.override) as override
    from {{ ref("int_overrides") }} as overrides
    inner join members as a on a.record_no in (overrides.record_no_a, overrides.record_no_b)
    inner join members as b
        on b.record_no in (overrides.record_no_a, overrides.record_no_b) and b.record_no <> a.record_no
    where overrides.decision = 'separate'
    group by a.anchor_no, b.anchor_no
)

select
    refused.tenant_id,
    refused.rule,
    refused.value,
    refused.record_no_a,
    refused.record_no_b,
    refused.weight,
    coalesce(
        'separated by ' || separations.override,
        case
            when refused.rule = 'score' and linked.is_accepted is not true then 'the records on both sides do not agree'
        end,
        'the cluster would have more than {{ var("max_cluster_records") }} records'
    ) as reason
from refused
left join {{ ref("int_identifier_clusters") }} as a on a.record_no = refused.record_no_a
left join {{ ref("int_identifier_clusters") }} as b on b.record_no = refused.record_no_b
left join {{ ref("int_linked_pairs") }} as linked
    on
        refused.rule = 'score'
        and linked.record_no_a
        = least(coalesce(a.cluster_no, refused.record_no_a), coalesce(b.cluster_no, refused.record_no_b))
        and linked.record_no_b
        = greatest(coalesce(a.cluster_no, refused.record_no_a), coalesce(b.cluster_no, refused.record_no_b))
left join separations
    on
        separations.anchor_no_a = refused.anchor_no_a
        and separations.anchor_no_b = refused.anchor_no_b
