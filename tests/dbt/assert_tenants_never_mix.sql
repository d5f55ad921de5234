-- Why: a customer of one tenant that shows another tenant's records is a data leak, whatever else is right. Whoever has
-- the tenant of its anchor has that of all other members; so a build looks at the records that changed places.
select
    clusters.record_no,
    records.tenant_id,
    clusters.anchor_no,
    anchors.tenant_id as tenant_id_of_anchor
from {{ ref("int_clusters") }} as clusters
inner join {{ ref("int_records") }} as records on records.record_no = clusters.record_no
inner join {{ ref("int_records") }} as anchors on anchors.record_no = clusters.anchor_no
where
    records.tenant_id <> anchors.tenant_id
    and {{ touched_by_build("clusters.record_no", "changed_members") }}
