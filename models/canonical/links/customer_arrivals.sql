-- Grain: one row per row of c360_ops.intake_arrivals that has a customer.
{{ customer_link("intake", "arrivals") }}
