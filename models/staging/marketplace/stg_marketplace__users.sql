-- Grain: one row per marketplace user who is a client; providers and administrators are not customers. A client
-- whom the cutover marked as moved is still one.
{{ staged(
    system="marketplace",
    entity="users",
    where="user_type in ('client', 'legacy_client')",
    columns={
        "source_id": "id",
        "tenant_id": "tenant_id",
        "own_reference": "'marketplace.users:' || id",
        "legacy_customer_id": "id",
        "full_name": "full_name",
        "phone": "phone_number",
        "email": "email",
        "city": "city",
        "country": "country",
        "customer_type": "'individual'",
        "status": "case when is_active then 'active' else 'inactive' end",
        "preferred_language": "preferred_language",
        "created_at": "created_at",
        "updated_at": "updated_at",
    },
) }}
