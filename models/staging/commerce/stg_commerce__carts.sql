-- Grain: one row per cart; without a customer_id it belongs to nobody yet.
{{ staged(
    system="commerce",
    entity="carts",
    columns={
        "source_id": "id",
        "tenant_id": "tenant_id",
        "customer_reference": "'commerce.customers:' || customer_id",
        "legacy_customer_id": "customer_id",
        "created_at": "created_at",
        "updated_at": "updated_at",
    },
) }}
