-- Grain: one row per identified cluster: how much it did, where, and since when.
{{ config(materialized="view") }}

select
    clusters.anchor_no,
    count(*)::integer as record_count,
    array_agg(distinct records.system order by records.system) as source_systems,
    count(*) filter (where records.system = 'booking' and records.entity = 'appointments')::integer
        as total_appointments,
    count(*) filter (where records.system = 'booking' and records.entity = 'omni_conversations')::integer
        as total_conversations,
    max(coalesce(records.event_at, records.created_at)) filter (where records.is_event) as last_contact_at,
    min(records.created_at) as created_at
from {{ ref("int_clusters") }} as clusters
inner join {{ ref("int_records") }} as records on records.record_no = clusters.record_no
where clusters.is_identified
group by clusters.anchor_no
