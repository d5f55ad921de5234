-- Grain: one row per row of commerce.carts that has a customer.
{{ customer_link("commerce", "carts") }}
