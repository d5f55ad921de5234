-- Why: a decision that names a record which is not live does nothing: it may be misspelt, or no longer needed.
{{ config(severity="warn") }}

select
    override,
    decision,
    tenant_id,
    record_a,
    record_b
from {{ ref("int_overrides") }}
where num_nulls(record_no_a, record_no_b) > 0
