with stretch as materialized (
    select t.{key} as key, row_number() over (order by t.{key}) as number
    from {table} as t
    where (%(after)s::{key_type} is null or t.{key} > %(after)s::{key_type})
        and (%(until)s::{key_type} is null or t.{key} <= %(until)s::{key_type})
    order by t.{key}
    limit %(size)s * %(parts)s
),

batch as materialized (
    select key from stretch where number %% %(parts)s = %(part)s
),

changed as (
    update {table} as t set {column} = m.new_id
    from batch as b, {mapping} as m
    where t.{key} = b.key and m.old_id = t.{old} and t.{column} is distinct from m.new_id
    returning 1
)

select
    (select key::text from stretch order by key desc limit 1) as last_key,
    (select count(*) from stretch) as seen,
    (select count(*) from changed) as changed
