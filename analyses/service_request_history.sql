-- What have clients asked for (el historial de solicitudes)? One row per service request of a customer, by customer
-- and time.
select
    customers.customer_id,
    customers.name,
    requests.created_at,
    requests.service_type,
    requests.status,
    requests.budget,
    requests.currency,
    requests.source_id
from {{ ref("customer_service_requests") }} as requests
inner join {{ ref("customers") }} as customers on customers.customer_id = requests.customer_id
order by customers.customer_id, requests.created_at, requests.source_id
