-- Grain: one row per (customer, attribute) that its records say something of: the golden value, the record that it
-- comes from, the rule that chose it, and the values that lost. A lookup of one customer reads only its records.
{{ config(materialized="view", contract={"enforced": false}) }}

select
    customers.tenant_id,
    customers.customer_id,
    attributes.attribute,
    attributes.value,
    case
        when attributes.is_only_value then 'only value'
        when coalesce(attributes.source_rank, 0) <> coalesce(attributes.second_source_rank, 0) then 'source order'
        else attributes.strategy
    end as rule,
    attributes.records,
    attributes.record_no,
    records.system,
    records.entity,
    records.source_id,
    attributes.losing_values
from {{ ref("customers") }} as customers
cross join
    lateral (
        select
            golden.attribute,
            max(golden.value) filter (where golden.place = 1) as value,
            count(*) = 1 as is_only_value,
            min(golden.source_rank) filter (where golden.place = 1) as source_rank,
            min(golden.source_rank) filter (where golden.place = 2) as second_source_rank,
            min(golden.strategy) as strategy,
            max(golden.records) filter (where golden.place = 1) as records,
            max(golden.record_no) filter (where golden.place = 1) as record_no,
            coalesce(
                jsonb_agg(
                    jsonb_build_object('value', golden.value, 'records', givers.names) order by golden.place
                ) filter (where golden.place > 1),
                '[]'
            ) as losing_values
        from {{ ref("int_golden_values") }} as golden
        left join
            lateral (
                select
                    jsonb_agg(
                        records.system || '.' || records.entity || ':' || records.source_id order by records.record_no
                    ) as names
                from {{ ref("int_records") }} as records
                where golden.place > 1 and records.record_no = any(golden.record_nos)
            ) as givers
            on true
        where golden.anchor_no = customers.anchor_no
        group by golden.attribute
    ) as attributes
inner join {{ ref("int_records") }} as records on records.record_no = attributes.record_no
