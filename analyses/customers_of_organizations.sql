-- Which customers belong to one organisation of the desk? One row per organisation, with its customers.
select
    organization_id,
    min(organization_name) as organization_name,
    count(*) as customers,
    sum(field_service_equipment) as equipment,
    sum(field_service_service_tickets) as tickets,
    array_agg(customer_id order by customer_id) as customer_ids
from {{ ref("customer_360") }}
where organization_id is not null
group by organization_id
order by tickets desc, organization_id asc
