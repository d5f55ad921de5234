-- Grain: one row per appointment; it repeats the customer's name and contacts, so it is record and event at once.
{{ staged(
    system="booking",
    entity="appointments",
    is_event=true,
    text_dates=["event_at", "created_at", "updated_at"],
    columns={
        "source_id": "id",
        "tenant_id": "tenant_id",
        "customer_reference": "'booking.prospects:' || nullif(btrim(prospect_id), '')",
        "full_name": "customer_name",
        "phone": "customer_phone",
        "email": "customer_email",
        "customer_type": "'individual'",
        "event_at": "appointment_date",
        "created_at": "created_at",
        "updated_at": "updated_at",
    },
) }}
