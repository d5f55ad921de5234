-- Why: a build in which many customers lose their id has a cause: a rule that changed, or a source that broke.
{{ config(severity="warn") }}

with last_build as (
    select
        completed_at,
        customers
    from {{ operations_table("build_history") }}
    order by completed_at desc
    limit 1
),

retired as (
    select count(*) as customers
    from {{ ref("customers") }} as customers
    inner join last_build on customers.updated_at > last_build.completed_at
    where
        customers.record_count = 0
        and customers.status <> 'erased'
        and {{ touched_by_build("customers.anchor_no", "int_touched_customers") }}
)

select
    retired.customers as retired_customers,
    last_build.customers as customers_before
from retired
cross join last_build
where retired.customers > {{ var("max_id_churn") }} * last_build.customers and last_build.customers >= 100
