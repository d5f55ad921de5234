-- Grain: one row per prospect.
{{ staged(
    system="booking",
    entity="prospects",
    text_dates=["created_at", "updated_at"],
    columns={
        "source_id": "id",
        "tenant_id": "tenant_id",
        "own_reference": "'booking.prospects:' || id",
        "full_name": "concat_ws(' ', first_name, last_name)",
        "first_name": "first_name",
        "last_name": "last_name",
        "phone": "phone",
        "email": "email",
        "customer_type": "'individual'",
        "preferred_language": "language",
        "timezone": "timezone",
        "preferred_contact_method": "preferred_contact_method",
        "tags": "tags",
        "notes": "notes",
        "created_at": "created_at",
        "updated_at": "updated_at",
    },
) }}
