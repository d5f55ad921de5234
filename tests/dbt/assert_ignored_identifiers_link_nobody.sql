-- Why: one placeholder let through glues thousands of strangers into one customer.
select
    edges.rule,
    edges.value,
    ignored.reason
from {{ ref("int_edges") }} as edges
inner join {{ ref("int_records") }} as records on records.record_no = edges.record_no_b
inner join {{ ref("int_ignored_identifiers") }} as ignored
    on
        ignored.tenant_id = records.tenant_id
        and ignored.kind = edges.rule
        and ignored.value = edges.value
