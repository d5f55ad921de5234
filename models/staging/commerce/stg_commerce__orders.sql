-- Grain: one row per order.
{{ staged(
    system="commerce",
    entity="orders",
    is_event=true,
    columns={
        "source_id": "id",
        "tenant_id": "tenant_id",
        "customer_reference": "'commerce.customers:' || customer_id",
        "legacy_customer_id": "customer_id",
        "event_at": "placed_at",
        "created_at": "created_at",
        "updated_at": "updated_at",
    },
) }}
