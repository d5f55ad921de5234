-- Grain: one row per row of field_service.service_tickets that has a customer.
{{ customer_link("field_service", "service_tickets") }}
