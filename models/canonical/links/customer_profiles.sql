-- Grain: one row per row of commerce.profiles that has a customer.
{{ customer_link("commerce", "profiles") }}
