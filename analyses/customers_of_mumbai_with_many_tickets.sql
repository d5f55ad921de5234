-- Which customers of Mumbai have more than ten service tickets?
select
    customer_id,
    name,
    customer_type,
    field_service_service_tickets as tickets,
    field_service_service_tickets_last_at as last_ticket_at
from {{ ref("customer_360") }}
where city = 'Mumbai' and field_service_service_tickets > 10
order by tickets desc, name asc, customer_id asc
