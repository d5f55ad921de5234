-- Grain: one row per legacy system: what became of its records.
select
    records.system,
    count(*) filter (where records.record_status = 'live') as live,
    count(*) filter (where records.record_status = 'quarantined') as quarantined,
    count(*) filter (where records.record_status = 'deleted') as deleted,
    count(*) filter (where records.record_status = 'live' and not clusters.is_identified) as unidentified
from {intermediate}.int_records as records
left join {intermediate}.int_clusters as clusters using (record_no)
group by records.system
order by count(*) desc, records.system
