-- Why: a customer of a thousand records is a busy organisation, or an identifier that glues strangers together.
{{ config(severity="warn") }}

select
    customer_id,
    name,
    record_count
from {{ ref("customers") }}
where
    record_count > {{ var("giant_customer_records") }}
    and {{ touched_by_build("anchor_no", "int_touched_customers") }}
