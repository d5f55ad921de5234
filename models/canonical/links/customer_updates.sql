-- Grain: one row per row of c360_ops.intake_updates that has a customer.
{{ customer_link("intake", "updates") }}
