-- Grain: one row per row of commerce.sessions that has a customer.
{{ customer_link("commerce", "sessions") }}
