-- Grain: one row per row of marketplace.users that has a customer.
{{ customer_link("marketplace", "users") }}
