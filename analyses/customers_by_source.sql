-- Where do customers come from (répartition par source)? first_seen counts each customer once, where it was seen
-- first; seen counts it in every system that knows it.
select
    systems.system,
    count(*) filter (where customers.source = systems.system) as first_seen,
    count(*) as seen
from {{ ref("customers") }} as customers
cross join unnest(customers.source_systems) as systems (system)
where customers.record_count > 0
group by systems.system
order by first_seen desc, systems.system asc
