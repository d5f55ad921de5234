-- Grain: one row per row of booking.appointments that has a customer.
{{ customer_link("booking", "appointments") }}
