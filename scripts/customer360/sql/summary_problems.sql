-- Grain: one row per reason for quarantine, the commonest first; the values that a reason quotes are left out.
select
    regexp_replace(problem ->> 'reason', '\s*([:(]|U\+).*$', '') as reason,
    count(distinct records.record_no) as records,
    (array_agg(
        distinct records.system || '.' || records.entity || '.' || (problem ->> 'column')
        order by records.system || '.' || records.entity || '.' || (problem ->> 'column')
    ))[1] as example
from {intermediate}.int_records as records
cross join lateral jsonb_array_elements(records.problems) as problem
where records.record_status = 'quarantined'
group by regexp_replace(problem ->> 'reason', '\s*([:(]|U\+).*$', '')
order by records desc, reason
limit 5
