-- Grain: one row per record of the customer that a reference names: by a record's key, or by an id that a customer has
-- or had. All members of the cluster belong, gone ones too, and what live intake wrote down of the customer since the last
-- build; a record that is in no cluster (quarantined) stands alone.
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
),

customers as (
    select clusters.customer_id
    from members
    inner join {intermediate}.int_clusters as clusters on clusters.record_no = members.record_no
    union
    select {functions}.current_customer_id(%(customer_id)s)
    union
    select {functions}.current_customer_id(pending.customer_id)
    from {ops}.intake_pending as pending
    where
        ('intake', pending.entity, pending.entry_id) = (%(system)s, %(entity)s, %(source_id)s)
        and (%(tenant)s::text is null or pending.tenant_id = %(tenant)s)
),

ids as (
    select customer_id from customers
    union
    select redirects.from_customer_id
    from customers
    inner join {canonical}.customer_redirects as redirects on redirects.to_customer_id = customers.customer_id
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
union
select
    pending.record_no,
    pending.tenant_id,
    'intake',
    pending.entity,
    pending.entry_id,
    'pending',
    {functions}.current_customer_id(pending.customer_id)
from {ops}.intake_pending as pending
inner join ids on ids.customer_id = pending.customer_id
where pending.record_no not in (select record_no from members)
order by record_no
