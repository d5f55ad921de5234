-- Grain: one row per profile, the register that the shop keeps.
{{ staged(
    system="commerce",
    entity="profiles",
    columns={
        "source_id": "user_id",
        "tenant_id": "tenant_id",
        "legacy_customer_id": "user_id",
        "full_name": "display_name",
        "phone": "whatsapp_e164",
        "whatsapp_number": "whatsapp_e164",
        "email": "email",
        "customer_type": "'individual'",
        "preferred_language": "locale",
        "created_at": "created_at",
        "updated_at": "updated_at",
    },
) }}
