-- The record or the customer that a reference names, although no live record is behind it: why.
select
    'the record is ' || records.record_status
    || coalesce(
        ': '
        || (
            select string_agg((problem ->> 'column') || ', ' || (problem ->> 'reason'), '; ')
            from jsonb_array_elements(records.problems) as problem
        ),
        ''
    ) as reason
from {intermediate}.int_records as records
where
    (records.system, records.entity, records.source_id) = (%(system)s, %(entity)s, %(source_id)s)
    and records.record_status <> 'live'

union all

select 'no record of this customer is left; it is ' || customers.status
from {canonical}.customers as customers
where customers.customer_id = %(customer_id)s
