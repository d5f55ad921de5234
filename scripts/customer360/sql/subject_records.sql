-- Grain: one row per record of the customer that a reference names: by a record's key, or by an id that a customer has
-- or had. All members of the cluster belong, gone ones too; a record that is in none (quarantined) stands alone.
with named as (
    select record_no from {intermediate}.int_records
    where
        (system, entity, source_id) = (%(system)s, %(entity)s, %(source_id)s)
        and (%(tenant)s::text is null or tenant_id = %(tenant)s)
    union all
    select record_no from {intermediate}.int_records
    where customer_id = %(customer_id)s
),

members as (
    select record_no from named
    union
    select members.record_no
    from named
    inner join {intermediate}.int_clusters as clusters on clusters.record_no = named.record_no
    inner join {intermediate}.int_clusters as members on members.anchor_no = clusters.anchor_no
)

select
    records.record_no,
    records.tenant_id,
    records.system,
    records.entity,
    records.source_id,
    records.record_status,
    clusters.customer_id
from members
inner join {intermediate}.int_records as records on records.record_no = members.record_no
left join {intermediate}.int_clusters as clusters on clusters.record_no = members.record_no
order by records.record_no
