-- Grain: one row per row of booking.omni_conversations that has a customer.
{{ customer_link("booking", "omni_conversations") }}
