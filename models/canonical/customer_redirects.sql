-- Grain: one row per customer id that leads to another customer. A row goes when the customer comes back.
select
    former.customer_id as from_customer_id,
    clusters.customer_id as to_customer_id,
    former.anchor_no
from {{ ref("customers") }} as former
inner join {{ ref("int_clusters") }} as clusters on clusters.record_no = former.anchor_no
where former.status = 'merged' and {{ touched("former.anchor_no", "int_touched_customers") }}
