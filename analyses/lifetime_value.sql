-- What has a customer been worth? One row per customer and currency: the orders that were neither cancelled nor
-- refunded. Currencies are never added.
select
    customers.customer_id,
    customers.name,
    worth.currency,
    worth.amount::numeric as lifetime_value,
    customers.commerce_orders as orders,
    customers.commerce_orders_first_at as first_order_at,
    customers.commerce_orders_last_at as last_order_at
from {{ ref("customer_360") }} as customers
cross join jsonb_each_text(customers.order_amounts) as worth (currency, amount)
order by worth.currency asc, lifetime_value desc, customers.customer_id asc
