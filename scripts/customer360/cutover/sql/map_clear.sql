with batch as materialized (
    select old_id, created from {mapping} order by old_id limit %(size)s
),

unmade as (
    delete from {new_table} as p using batch as b
    where b.created and p.{new_key} = b.old_id and %(after)s::text is null
),

gone as (
    delete from {mapping} as m using batch as b where m.old_id = b.old_id returning 1
)

select null::text as last_key, (select count(*) from batch) as seen, (select count(*) from gone) as changed
