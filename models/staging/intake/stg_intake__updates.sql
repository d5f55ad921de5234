-- Grain: one row per statement about a customer that an application made: contacts, blocked, active again.
{{ staged(
    system="intake",
    entity="updates",
    columns={
        "source_id": "entry_id",
        "tenant_id": "tenant_id",
        "customer_reference": "customer_reference",
        "phone": "phone",
        "whatsapp_number": "whatsapp_number",
        "email": "email",
        "status": "status",
        "notes": "notes",
        "created_by": "created_by",
        "created_at": "created_at",
        "updated_at": "created_at",
    },
) }}
