-- Grain: one row per (identifier, record) of the identifiers that this run judges and links anew, with the names of the
-- record. Empty on a full run, which reads them where they are (`identifier_carriers`).
{{ config(meta={"parallel": true}) }}

select
    identifiers.tenant_id,
    identifiers.kind,
    identifiers.value,
    identifiers.record_no,
    records.full_name,
    records.organization_name,
    records.name_group
from {{ ref("int_identifiers") }} as identifiers
inner join {{ ref("int_touched_identifiers") }} using (tenant_id, kind, value)
inner join {{ ref("int_records") }} as records on records.record_no = identifiers.record_no
