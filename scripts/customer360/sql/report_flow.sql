-- Grain: one row per system, fate of its records, and number of systems that their customers are known in (0: none).
with fates as (
    select
        records.system,
        clusters.anchor_no,
        case
            when records.record_status <> 'live' then records.record_status
            when clusters.is_identified then 'identified'
            else 'waiting'
        end as fate
    from {intermediate}.int_records as records
    left join {intermediate}.int_clusters as clusters using (record_no)
)

select
    fates.system,
    fates.fate,
    coalesce(cardinality(customers.source_systems), 0) as systems,
    count(*) as records
from fates
left join {canonical}.customers as customers on fates.fate = 'identified' and customers.anchor_no = fates.anchor_no
group by fates.system, fates.fate, systems
order by fates.system, fates.fate, systems
