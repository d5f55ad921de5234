-- Grain: one row per (customer, attribute) that its records say something of: the golden value, the record that it comes
-- from, the rule that chose it, and the values that lost. A lookup of one customer reads that customer's records only.
{{ config(materialized="view", contract={"enforced": false}) }}

select
    customers.tenant_id,
    customers.customer_id,
    attributes.attribute,
    attributes.value,
    attributes.rule,
    attributes.records,
    attributes.record_no,
    records.system,
    records.entity,
    records.source_id,
    attributes.losing_values
from {{ ref("customers") }} as customers
cross join lateral (
    select
        golden.attribute,
        max(golden.value) filter (where golden.place = 1) as value,
        case
            when count(*) = 1 then 'only value'
            when
                min(golden.source_rank) filter (where golden.place = 1)
                is distinct from min(golden.source_rank) filter (where golden.place = 2)
                then 'source order'
            else min(golden.strategy)
        end as rule,
        max(golden.records) filter (where golden.place = 1) as records,
        max(golden.record_no) filter (where golden.place = 1) as record_no,
        coalesce(
            jsonb_agg(
                jsonb_build_object('value', golden.value, 'records', givers.records) order by golden.place
            ) filter (where golden.place > 1),
            '[]'
        ) as losing_values
    from {{ ref("int_golden_values") }} as golden
    left join lateral (
        select
            jsonb_agg(
                records.system || '.' || records.entity || ':' || records.source_id order by records.record_no
            ) as records
        from {{ ref("int_records") }} as records
        where golden.place > 1 and records.record_no = any(golden.record_nos)
    ) as givers on true
    where golden.anchor_no = customers.anchor_no
    group by golden.attribute
) as attributes
inner join {{ ref("int_records") }} as records on records.record_no = attributes.record_no
