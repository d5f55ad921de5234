with batch as materialized (
    select l.source_id, l.customer_id
    from {link} as l
    where (%(after)s::text is null or l.source_id > %(after)s::text)
        and (%(since)s::timestamptz is null or l.linked_at > %(since)s::timestamptz)
    order by l.source_id
    limit %(size)s
),

changed as (
    update {table} as t set {column} = b.customer_id
    from batch as b
    where t.{key} = b.source_id::{key_type} and {wrong} and {only_with}
    returning 1
)

select
    (select source_id from batch order by source_id desc limit 1) as last_key,
    (select count(*) from batch) as seen,
    (select count(*) from changed) as changed
