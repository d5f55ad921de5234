-- Why: a customer of one tenant that shows another tenant's records is a data leak, whatever else is right.
select
    clusters.anchor_no,
    count(distinct records.tenant_id) as tenants
from {{ ref("int_clusters") }} as clusters
inner join {{ ref("int_records") }} as records on records.record_no = clusters.record_no
where {{ touched_by_build("clusters.anchor_no", "changed_members") }}
group by clusters.anchor_no
having count(distinct records.tenant_id) > 1
