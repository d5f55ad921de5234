-- Which phone or email do two customers of a tenant share (les doublons potentiels)? None: constraints of customers
-- forbid it, and the plans ask that it be checked.
select
    customers.tenant_id,
    contacts.kind,
    contacts.value,
    count(*) as customers
from {{ ref("customers") }} as customers
cross join
    lateral (
        values ('phone', customers.primary_phone), ('email', customers.primary_email)
    ) as contacts (kind, value)
where contacts.value is not null
group by customers.tenant_id, contacts.kind, contacts.value
having count(*) > 1
order by customers.tenant_id, contacts.kind, contacts.value
