-- Grain: one row per row of commerce.orders that has a customer.
{{ customer_link("commerce", "orders") }}
