-- Grain: one row per identifier of the anchor's records that links nobody, with the reason.
select
    ignored.kind,
    ignored.value,
    ignored.verdict,
    ignored.reason,
    ignored.records,
    count(*) as records_here
from {intermediate}.int_clusters as clusters
inner join {intermediate}.int_identifiers as identifiers on identifiers.record_no = clusters.record_no
inner join {intermediate}.int_ignored_identifiers as ignored
    on
        ignored.tenant_id = identifiers.tenant_id
        and ignored.kind = identifiers.kind
        and ignored.value = identifiers.value
where clusters.anchor_no = %(anchor_no)s
group by ignored.kind, ignored.value, ignored.verdict, ignored.reason, ignored.records
order by ignored.kind, ignored.value collate "C"
