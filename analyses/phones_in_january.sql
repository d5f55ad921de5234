-- What was the customer's phone in January? Every number that a record of the customer spoke of in January 2026; for
-- one customer add `customer_id = …`, and put the month that you ask for.
select
    customer_id,
    kind,
    value,
    first_seen_at,
    last_seen_at,
    is_current
from {{ ref("customer_contact_points") }}
where
    kind in ('phone', 'whatsapp')
    and first_seen_at < '2026-02-01'
    and last_seen_at >= '2026-01-01'
order by customer_id, kind, first_seen_at, value
