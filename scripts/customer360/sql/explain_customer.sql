-- The customer, and the ids that lead to it.
select
    customers.customer_id,
    customers.tenant_id,
    customers.name,
    customers.customer_type,
    customers.status,
    customers.record_count,
    customers.source_systems,
    customers.created_at,
    array(
        select redirects.from_customer_id
        from {canonical}.customer_redirects as redirects
        where redirects.to_customer_id = customers.customer_id
        order by redirects.from_customer_id
    ) as former_ids
from {canonical}.customers as customers
where customers.customer_id = %(customer_id)s and customers.status <> 'merged'
