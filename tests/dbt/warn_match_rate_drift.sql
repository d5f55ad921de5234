-- Why: if as many records suddenly make far more or far fewer customers, the matching changed and not the people.
{{ config(severity="warn") }}

with last_build as (
    select identified_records / nullif(customers, 0)::numeric as records_per_customer
    from {{ operations_table("build_history") }}
    where customers >= 100
    order by completed_at desc
    limit 1
),

this_build as (
    select sum(record_count) / nullif(count(*), 0)::numeric as records_per_customer
    from {{ ref("customers") }}
    where record_count > 0
)

select
    this_build.records_per_customer as now,
    last_build.records_per_customer as before
from this_build
cross join last_build
where
    abs(this_build.records_per_customer / last_build.records_per_customer - 1) > {{ var("max_match_rate_drift") }}
