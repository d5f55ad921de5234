with stretch as materialized (
    select l.source_id, l.customer_id, row_number() over (order by l.source_id) as number
    from {link} as l
    where (%(after)s::text is null or l.source_id > %(after)s::text)
        and (%(until)s::text is null or l.source_id <= %(until)s::text)
        and (%(since)s::timestamptz is null or l.linked_at > %(since)s::timestamptz)
    order by l.source_id
    limit %(size)s * %(parts)s
),

batch as materialized (
    select source_id, customer_id from stretch where number %% %(parts)s = %(part)s
),

changed as (
    update {table} as t set {column} = b.customer_id
    from batch as b
    where t.{key} = b.source_id::{key_type} and {wrong} and {only_with}
    returning 1
)

select
    (select source_id from stretch order by source_id desc limit 1) as last_key,
    (select count(*) from stretch) as seen,
    (select count(*) from changed) as changed
