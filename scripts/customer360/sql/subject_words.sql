-- Grain: one row per (kind, value) by which free text may speak of the person: what the records say or said, as it stood.
select distinct words.kind, words.value
from {intermediate}.int_records as records
cross join
    lateral (
        values
        ('person', records.full_name),
        ('person', records.first_name),
        ('person', records.last_name),
        ('text', records.organization_name),
        ('phone', records.phone_raw),
        ('phone', records.phone),
        ('phone', records.second_phone),
        ('phone', records.whatsapp_number),
        ('text', records.email_raw),
        ('text', records.email),
        ('text', records.address_line1),
        ('text', records.tax_id),
        ('text', records.registration_number),
        ('text', records.website)
    ) as words (kind, value)
where records.record_no = any(%(record_nos)s) and words.value is not null
union
select
    case kind when 'email' then 'text' else 'phone' end,
    value
from {intermediate}.int_former_contacts
where record_no = any(%(record_nos)s)
union
select words.kind, words.value
from {ops}.intake_arrivals as arrivals
cross join
    lateral (
        values
        ('person', arrivals.full_name),
        ('text', arrivals.organization_name),
        ('phone', arrivals.phone),
        ('phone', arrivals.whatsapp_number),
        ('text', arrivals.email),
        ('text', arrivals.address_line1)
    ) as words (kind, value)
where arrivals.record_no = any(%(record_nos)s) and words.value is not null
union
select
    case kind when 'email' then 'text' else 'phone' end,
    value
from {ops}.intake_pending
where record_no = any(%(record_nos)s) and kind in ('phone', 'email')
order by 1, 2
