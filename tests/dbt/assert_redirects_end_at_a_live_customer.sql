-- Why: an application that follows a redirect must arrive, in one step.
select
    redirects.from_customer_id,
    redirects.to_customer_id,
    target.status
from {{ ref("customer_redirects") }} as redirects
inner join {{ ref("customers") }} as target on target.customer_id = redirects.to_customer_id
where target.record_count = 0 and {{ touched_by_build("redirects.anchor_no", "int_touched_customers") }}
