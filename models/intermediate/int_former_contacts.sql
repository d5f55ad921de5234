-- Grain: one row per (record, kind, value) that a record had before its row changed or left: what the registry is
-- about to forget. It is read from the registry as the last run left it.
{{ config(
    materialized="upsert",
    unlogged=false,
    unique_key=["record_no", "kind", "value"],
    contract={"enforced": true},
    meta={"upsert": {"scope": "changes", "worklist": "int_record_changes"}}
) }}

select
    records.record_no,
    contacts.kind,
    contacts.value,
    coalesce(
        known.first_seen_at,
        case
            when exists (
                select from {{ this }} as others
                where others.record_no = records.record_no and others.kind = contacts.kind
            ) then records.updated_at
        end,
        records.created_at
    ) as first_seen_at,
    greatest(records.created_at, records.updated_at, records.event_at) as last_seen_at
from {{ ref("int_record_changes") }} as changes
inner join
    {{ before_this_run(this.schema, "int_records", {
        "tenant_id": "text", "system": "text", "entity": "text", "source_id": "text", "record_no": "bigint",
        "record_status": "text", "row_hash": "uuid", "phone": "text", "whatsapp_number": "text", "email": "text",
        "created_at": "timestamptz", "updated_at": "timestamptz", "event_at": "timestamptz",
    }) }} as records
    on
        records.tenant_id = changes.tenant_id
        and records.system = changes.system
        and records.entity = changes.entity
        and records.source_id = changes.source_id
        and records.record_status = 'live'
        and records.row_hash is distinct from changes.row_hash
cross join
    lateral (
        values ('phone', records.phone), ('whatsapp', records.whatsapp_number), ('email', records.email)
    ) as contacts (kind, value)
left join {{ this }} as known
    on known.record_no = records.record_no and known.kind = contacts.kind and known.value = contacts.value
where contacts.value is not null
