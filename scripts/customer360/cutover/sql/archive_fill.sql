with batch as materialized (
    select t.{key}, {values}
    from {table} as t
    where %(after)s::{key_type} is null or t.{key} > %(after)s::{key_type}
    order by t.{key}
    limit %(size)s
    for share
),

changed as (
    insert into {archive} ({key}, {columns})
    select {key}, {columns} from batch
    on conflict ({key}) do nothing
    returning 1
)

select
    (select {key}::text from batch order by {key} desc limit 1) as last_key,
    (select count(*) from batch) as seen,
    (select count(*) from changed) as changed
