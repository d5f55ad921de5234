-- How do customers move between branches and sources? One row per customer whose leads came in at two branches or
-- more, with every lead in the order of time.
with leads as (
    select
        customer_id,
        branch,
        channel,
        occurred_at
    from {{ ref("customer_timeline") }}
    where kind = 'lead' and branch is not null
),

journeys as (
    select
        customer_id,
        count(distinct branch) as branches,
        min(occurred_at) as first_lead_at,
        max(occurred_at) as last_lead_at,
        string_agg(
            branch || coalesce(' (' || channel || ')', ''), ' → ' order by occurred_at, branch, channel
        ) as journey
    from leads
    group by customer_id
    having count(distinct branch) > 1
)

select
    journeys.customer_id,
    customers.name,
    journeys.branches,
    journeys.first_lead_at,
    journeys.last_lead_at,
    journeys.journey
from journeys
inner join {{ ref("customers") }} as customers on customers.customer_id = journeys.customer_id
order by journeys.branches desc, journeys.first_lead_at asc, journeys.customer_id asc
