select coalesce(redirects.to_customer_id, customers.customer_id)
from {{ ref("customers") }} as customers
left join {{ ref("customer_redirects") }} as redirects on redirects.from_customer_id = customers.customer_id
where customers.customer_id = any_customer_id
