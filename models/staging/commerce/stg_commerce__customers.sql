-- Grain: one row per WhatsApp customer of the shop.
{{ staged(
    system="commerce",
    entity="customers",
    columns={
        "source_id": "id",
        "tenant_id": "tenant_id",
        "own_reference": "'commerce.customers:' || id",
        "legacy_customer_id": "id",
        "full_name": "display_name",
        "phone": "wa_id",
        "whatsapp_number": "wa_id",
        "customer_type": "'individual'",
        "preferred_language": "language",
        "preferred_contact_method": "'whatsapp'",
        "created_at": "created_at",
        "updated_at": "updated_at",
    },
) }}
