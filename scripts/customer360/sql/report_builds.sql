-- Grain: one row per completed build, the latest first.
select
    completed_at,
    is_full,
    live_records,
    identified_records,
    customers,
    merged_customers
from {ops}.build_history
order by completed_at desc
limit 10
