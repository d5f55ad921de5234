-- Grain: one row per day (UTC) on which builds wrote states of customers: how many, and how many were the first.
with states as (
    select
        (dbt_valid_from at time zone 'UTC')::date as day,
        dbt_valid_from = min(dbt_valid_from) over (partition by customer_id) as is_first
    from {history}.customers_history
)

select
    day,
    count(*) as states,
    count(*) filter (where is_first) as first_states
from states
group by day
order by day desc
limit 10
