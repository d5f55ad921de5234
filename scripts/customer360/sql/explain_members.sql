-- Grain: one row per record that belongs to the anchor, or that is named, with what it says; the first seen first.
select
    records.record_no,
    records.tenant_id,
    records.system,
    records.entity,
    records.source_id,
    coalesce(records.full_name, records.organization_name, records.email, records.phone, '') as name,
    clusters.is_live,
    clusters.is_identified,
    clusters.anchor_no,
    clusters.component_no,
    clusters.customer_id,
    jsonb_strip_nulls(
        jsonb_build_object(
            'full_name', records.full_name,
            'first_name', records.first_name,
            'last_name', records.last_name,
            'organization_name', records.organization_name,
            'phone', records.phone,
            'second_phone', records.second_phone,
            'whatsapp_number', records.whatsapp_number,
            'email', records.email,
            'tax_id', records.tax_id,
            'registration_number', records.registration_number,
            'address_line1', records.address_line1,
            'city', records.city,
            'state', records.state,
            'postal_code', records.postal_code,
            'country', records.country,
            'created_at', records.created_at,
            'updated_at', records.updated_at
        )
    ) as says
from {intermediate}.int_clusters as clusters
inner join {intermediate}.int_records as records on records.record_no = clusters.record_no
where clusters.anchor_no = %(anchor_no)s or clusters.record_no = any(%(record_nos)s)
order by records.record_no
