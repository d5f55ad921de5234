-- Why: a record that fell out between registry and links would be a customer's history lost without a trace.
select
    records.record_no,
    clusters.anchor_no,
    customers.customer_id
from {{ ref("int_records") }} as records
left join {{ ref("int_clusters") }} as clusters on clusters.record_no = records.record_no
left join {{ ref("customers") }} as customers on customers.anchor_no = clusters.anchor_no
where
    records.record_status = 'live'
    and (clusters.record_no is null or (clusters.is_identified and customers.customer_id is null))
    and {{ touched_by_build("records.record_no", "changed_records") }}
