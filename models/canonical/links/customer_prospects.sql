-- Grain: one row per row of booking.prospects that has a customer.
{{ customer_link("booking", "prospects") }}
