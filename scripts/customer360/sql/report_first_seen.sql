-- Grain: one row per month in which a customer of today was first seen, by the dates of the legacy systems.
with months as (
    select
        date_trunc('month', created_at, 'UTC')::date as month,
        count(*) as first_seen
    from {canonical}.customers
    where record_count > 0 and created_at is not null
    group by 1
)

select
    month,
    first_seen,
    (sum(first_seen) over (order by month))::bigint as customers
from months
order by month
