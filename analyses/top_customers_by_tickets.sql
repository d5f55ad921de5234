-- Who opens the most service tickets? Equal numbers share a rank, so there may be more than ten.
select
    ranked.rank,
    ranked.customer_id,
    ranked.name,
    ranked.city,
    ranked.tickets,
    ranked.last_ticket_at
from (
    select
        rank() over (order by field_service_service_tickets desc) as rank,
        customer_id,
        name,
        city,
        field_service_service_tickets as tickets,
        field_service_service_tickets_last_at as last_ticket_at
    from {{ ref("customer_360") }}
    where field_service_service_tickets > 0
) as ranked
where ranked.rank <= 10
order by ranked.rank, ranked.name, ranked.customer_id
