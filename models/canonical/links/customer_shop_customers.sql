-- Grain: one row per row of commerce.customers that has a customer.
{{ customer_link("commerce", "customers") }}
