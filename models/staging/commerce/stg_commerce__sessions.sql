-- Grain: one row per chat session; without a customer_id it belongs to nobody yet.
{{ staged(
    system="commerce",
    entity="sessions",
    is_event=true,
    columns={
        "source_id": "id",
        "tenant_id": "tenant_id",
        "customer_reference": "'commerce.customers:' || customer_id",
        "legacy_customer_id": "customer_id",
        "event_at": "started_at",
        "created_at": "created_at",
        "updated_at": "updated_at",
    },
) }}
