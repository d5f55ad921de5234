-- The register in one row. A customer is current while its anchor leads a cluster of live records.
select
    count(*) filter (where current_anchors.record_no is not null) as customers,
    coalesce(sum(customers.record_count) filter (where current_anchors.record_no is not null), 0)::bigint as records,
    count(*) filter (where current_anchors.record_no is not null and customers.record_count > 1) as joined,
    coalesce(max(customers.record_count) filter (where current_anchors.record_no is not null), 0) as largest,
    count(distinct customers.tenant_id) filter (where current_anchors.record_no is not null) as tenants,
    count(*) filter (where customers.status = 'merged') as merged,
    count(*) filter (where customers.status <> 'merged' and current_anchors.record_no is null) as retired,
    (select count(*) from {canonical}.customer_redirects) as redirects,
    max(customers.updated_at) as changed_at
from {canonical}.customers as customers
left join {intermediate}.int_clusters as current_anchors
    on current_anchors.record_no = customers.anchor_no
    and current_anchors.anchor_no = customers.anchor_no
    and current_anchors.is_live
    and current_anchors.is_identified
