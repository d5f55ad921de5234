-- Grain: one row per conversation; its time is that of the first message, as in the plan's counter.
{{ staged(
    system="booking",
    entity="omni_conversations",
    is_event=true,
    text_dates=["event_at", "created_at", "updated_at"],
    columns={
        "source_id": "id",
        "tenant_id": "tenant_id",
        "full_name": "customer_name",
        "phone": "customer_phone",
        "whatsapp_number": "case when channel = 'whatsapp' then customer_phone end",
        "email": "customer_email",
        "customer_type": "'individual'",
        "event_at": "first_message_at",
        "created_at": "created_at",
        "updated_at": "updated_at",
    },
) }}
