-- How often does a customer open a ticket? Per month between the first ticket and the last, for customers with two or
-- more; the months are 30 days long.
select
    customer_id,
    name,
    field_service_service_tickets as tickets,
    field_service_service_tickets_first_at as first_ticket_at,
    field_service_service_tickets_last_at as last_ticket_at,
    round(
        (field_service_service_tickets - 1) * 30.0
        / nullif(
            extract(
                epoch from field_service_service_tickets_last_at - field_service_service_tickets_first_at
            ) / 86400.0, 0
        ), 2
    ) as tickets_per_month
from {{ ref("customer_360") }}
where field_service_service_tickets > 1
order by tickets_per_month desc nulls last, customer_id asc
