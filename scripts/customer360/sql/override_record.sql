-- The live records that a reference names: the record itself, or the anchor of the customer with that id, which may
-- have been merged since.
select
    records.record_no,
    records.tenant_id,
    records.system,
    records.entity,
    records.source_id,
    clusters.customer_id,
    coalesce(records.full_name, records.organization_name, records.email, records.phone, '') as name
from {intermediate}.int_records as records
inner join {intermediate}.int_clusters as clusters on clusters.record_no = records.record_no
where
    records.record_status = 'live'
    and (%(tenant)s::text is null or records.tenant_id = %(tenant)s)
    and (
        (records.system, records.entity, records.source_id) = (%(system)s, %(entity)s, %(source_id)s)
        or records.record_no = (
            select current_anchors.anchor_no
            from {intermediate}.int_records as anchors
            inner join {intermediate}.int_clusters as current_anchors on current_anchors.record_no = anchors.record_no
            where anchors.customer_id = %(customer_id)s
        )
    )
order by records.tenant_id
