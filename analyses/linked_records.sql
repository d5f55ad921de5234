-- How many rows of each legacy table have a customer, how many wait for one, and how many are quarantined?
select
    records.system,
    records.entity,
    count(*) as records,
    count(*) filter (where clusters.is_identified) as linked,
    count(*) filter (where clusters.is_live and not clusters.is_identified) as waiting,
    count(*) filter (where records.record_status = 'quarantined') as quarantined
from {{ ref("int_records") }} as records
left join {{ ref("int_clusters") }} as clusters on clusters.record_no = records.record_no
where records.record_status <> 'deleted'
group by records.system, records.entity
order by records.system, records.entity
