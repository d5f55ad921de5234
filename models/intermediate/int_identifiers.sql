-- Grain: one row per (record, kind, value): what a live record can be recognised by.
select distinct
    records.record_no,
    records.tenant_id,
    identifiers.kind,
    identifiers.value
from {{ ref("int_records") }} as records
cross join
    lateral (
        values
        ('reference', records.own_reference),
        ('reference', records.customer_reference),
        ('phone', records.phone),
        ('phone', records.whatsapp_number),
        ('email', records.email),
        ('tax_id', records.tax_id),
        ('registration_number', records.registration_number)
    ) as identifiers (kind, value)
where records.record_status = 'live' and identifiers.value is not null
