-- Grain: one row per record in the registry with one of these keys.
select
    records.record_no,
    records.tenant_id,
    records.system,
    records.entity,
    records.source_id,
    records.record_status,
    null::uuid as customer_id
from {intermediate}.int_records as records
inner join unnest(%(systems)s::text[], %(entities)s::text[], %(source_ids)s::text[])
    as keys (system, entity, source_id)
    using (system, entity, source_id)
where records.tenant_id = %(tenant)s
order by records.record_no
