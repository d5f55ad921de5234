-- Grain: one row per (record, column) that keeps the record out: what to mend in the legacy system.
{{ config(materialized="view", contract={"enforced": false}) }}

select
    records.tenant_id,
    records.system,
    records.entity,
    records.source_id,
    problems.value ->> 'column' as column_name,
    problems.value ->> 'reason' as reason,
    records.record_no
from {{ ref("int_records") }} as records
cross join lateral jsonb_array_elements(records.problems) as problems
where records.record_status = 'quarantined'
