-- Grain: one row per record that was ever live: the cluster that it belongs to, named by its anchor, the live
-- member first seen, and so the customer. A cluster in which nobody has a name or a contact (an anonymous cart,
-- a request whose client is gone) is not identified: its records wait until somebody is. A record that is gone
-- follows the oldest of those it was with, so that a customer id that rested on it still leads somewhere.
-- depends_on: {{ ref("int_reopened_records") }}
{{ config(
    materialized="upsert",
    unlogged=false,
    unique_key="record_no",
    contract={"enforced": true},
    meta={
        "upsert": {
            "touched": {"changed_at": "now()"},
            "within": {"columns": ["record_no"], "worklist": "int_reopened_records"},
            "log": [{
                "into": "changed_members",
                "columns": {"record_no": "record_no", "anchor_no": "anchor_no"}
            }]
        },
        "indexes": [
            {"name": "int_clusters_anchor_no_idx", "columns": "anchor_no"},
            {"name": "int_clusters_component_no_idx", "columns": "component_no"},
            {"name": "int_clusters_changed_at_idx", "columns": "changed_at"}
        ]
    }
) }}

{%- set reopened = ref("int_reopened_records") if execute and not is_full_run() else this %}

with gone as (
    select previous.*
    from {{ this }} as previous
    -- As an array, of which the planner expects few: of a subquery it would expect a large part of the table.
    where previous.record_no = any(array(
        select record_no from {{ reopened }}
        except
        select record_no from {{ ref("int_components") }}
    ))
),

-- The clusters that they were in, with what has become of the oldest that is live.
families as (
    select
        previous.*,
        live.record_no as live_no,
        first_value(live.component_no) over by_age as heir_component_no,
        first_value(live.anchor_no) over by_age as heir_anchor_no,
        first_value(live.customer_id) over by_age as heir_customer_id
    from {{ this }} as previous
    left join {{ ref("int_components") }} as live on live.record_no = previous.record_no
    where previous.anchor_no in (select gone.anchor_no from gone)
    window by_age as (
        partition by previous.anchor_no
        order by live.record_no nulls last
    )
),

members as (
    select
        record_no,
        tenant_id,
        system,
        entity,
        source_id,
        component_no,
        anchor_no,
        customer_id,
        is_identified,
        true as is_live
    from {{ ref("int_components") }}

    union all

    select
        record_no,
        tenant_id,
        system,
        entity,
        source_id,
        coalesce(heir_component_no, component_no) as component_no,
        coalesce(heir_anchor_no, anchor_no) as anchor_no,
        coalesce(heir_customer_id, customer_id) as customer_id,
        false as is_identified,
        false as is_live
    from families
    where live_no is null
)

select * from members
