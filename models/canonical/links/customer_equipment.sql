-- Grain: one row per row of field_service.equipment that has a customer.
{{ customer_link("field_service", "equipment") }}
