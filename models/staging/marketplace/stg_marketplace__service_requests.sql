-- Grain: one row per service request; it names its client by key only, and that key may point nowhere.
{{ staged(
    system="marketplace",
    entity="service_requests",
    is_event=true,
    watched=service_request_details(),
    columns={
        "source_id": "id",
        "tenant_id": "tenant_id",
        "customer_reference": "'marketplace.users:' || client_id",
        "legacy_customer_id": "client_id",
        "event_at": "created_at",
        "created_at": "created_at",
        "updated_at": "updated_at",
    },
) }}
