-- Grain: one row per ticket. Its customer_id references no table, yet equal ids mean one customer, as long as
-- they are ids: 'CUST-00123' is typed in for many. The type is read from the name, where that says so.
{{ staged(
    system="field_service",
    entity="service_tickets",
    is_event=true,
    columns={
        "source_id": "id",
        "tenant_id": "tenant_id",
        "customer_reference": "'field_service.customers:' || " ~ function("parse_uuid") ~ "(customer_id)",
        "legacy_customer_id": "customer_id",
        "organization_name": "customer_name",
        "phone": "customer_phone",
        "whatsapp_number": "customer_whatsapp",
        "city": "city",
        "state": "state",
        "customer_type": "case"
            ~ " when customer_name ~* '\\mclinic' then 'clinic'"
            ~ " when customer_name ~* '\\m(lab|labs|laborator|diagnostic|patholog)' then 'lab'"
            ~ " when customer_name ~* '\\m(hosp|medical|nursing|health)' then 'hospital' end",
        "event_at": "created_at",
        "created_at": "created_at",
        "updated_at": "updated_at",
    },
) }}
