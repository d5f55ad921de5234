-- Why: one placeholder let through glues thousands of strangers into one customer.
select
    edges.rule,
    edges.value,
    ignored.reason
from {{ ref("int_edges") }} as edges
inner join {{ ref("int_ignored_identifiers") }} as ignored
    on
        ignored.tenant_id = edges.tenant_id
        and ignored.kind = edges.rule
        and ignored.value = edges.value
where {{ touched_by_build(["edges.tenant_id", "edges.rule", "edges.value"], "int_touched_identifiers", ["tenant_id", "kind", "value"]) }}
