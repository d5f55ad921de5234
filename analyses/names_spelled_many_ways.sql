-- Whose name is spelled many ways ("ABC Hospital", five times otherwise)? One row per customer with three spellings or
-- more of the name that its records give: the person's, or the organisation's.
select
    customers.customer_id,
    customers.name,
    count(distinct spelled.name) as spellings,
    array_agg(distinct spelled.name order by spelled.name) as names
from {{ ref("customers") }} as customers
inner join {{ ref("int_clusters") }} as clusters
    on clusters.anchor_no = customers.anchor_no and clusters.is_identified
inner join {{ ref("int_records") }} as records on records.record_no = clusters.record_no
cross join lateral (values (coalesce(records.organization_name, records.full_name))) as spelled (name)
where spelled.name is not null
group by customers.customer_id, customers.name
having count(distinct spelled.name) >= 3
order by spellings desc, customers.customer_id asc
