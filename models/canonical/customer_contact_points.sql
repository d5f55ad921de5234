-- Grain: one row per (customer, kind, value): every phone, WhatsApp number and email that a record of the customer has
-- or had, and from when to when its records speak of it.
{{ config(materialized="view", contract={"enforced": false}) }}

with points as (
    select
        records.record_no,
        contacts.kind,
        contacts.value,
        coalesce(
            former.first_seen_at,
            case
                when exists (
                    select from {{ ref("int_former_contacts") }} as others
                    where others.record_no = records.record_no and others.kind = contacts.kind
                ) then records.updated_at
            end,
            records.created_at
        ) as first_seen_at,
        greatest(records.created_at, records.updated_at, records.event_at) as last_seen_at,
        true as is_current
    from {{ ref("int_records") }} as records
    cross join
        lateral (
            values ('phone', records.phone), ('whatsapp', records.whatsapp_number), ('email', records.email)
        ) as contacts (kind, value)
    left join {{ ref("int_former_contacts") }} as former
        on
            former.record_no = records.record_no
            and former.kind = contacts.kind
            and former.value = contacts.value
    where records.record_status = 'live' and contacts.value is not null

    union all

    select
        former.record_no,
        former.kind,
        former.value,
        former.first_seen_at,
        former.last_seen_at,
        false as is_current
    from {{ ref("int_former_contacts") }} as former
)

select
    clusters.tenant_id,
    clusters.customer_id,
    points.kind,
    points.value,
    min(points.first_seen_at) as first_seen_at,
    max(points.last_seen_at) as last_seen_at,
    bool_or(points.is_current) as is_current,
    count(distinct points.record_no) as records
from {{ ref("int_clusters") }} as clusters
inner join points on points.record_no = clusters.record_no
group by clusters.tenant_id, clusters.customer_id, points.kind, points.value
