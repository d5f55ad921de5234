-- Grain: one row per identifier that the records have or had; it is theirs alone where no other record carries it.
with known as (
    select tenant_id, kind, value from {intermediate}.int_identifiers
    where record_no = any(%(record_nos)s) and kind <> 'override'
    union
    select tenant_id, kind, value from {ops}.intake_pending
    where record_no = any(%(record_nos)s) and kind <> 'entry'
    union
    select records.tenant_id, replace(former.kind, 'whatsapp', 'phone'), former.value
    from {intermediate}.int_former_contacts as former
    inner join {intermediate}.int_records as records on records.record_no = former.record_no
    where former.record_no = any(%(record_nos)s)
)

select
    known.tenant_id,
    known.kind,
    known.value,
    not exists (
        select from {intermediate}.int_identifiers as others
        where
            (others.tenant_id, others.kind, others.value) = (known.tenant_id, known.kind, known.value)
            and others.record_no <> all(%(record_nos)s)
    ) and not exists (
        select from {ops}.intake_pending as others
        where
            (others.tenant_id, others.kind, others.value) = (known.tenant_id, known.kind, known.value)
            and others.record_no <> all(%(record_nos)s)
    ) as is_theirs_alone
from known
order by known.kind, known.value
