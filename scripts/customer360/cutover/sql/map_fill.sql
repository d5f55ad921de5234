with batch as materialized (
    select
        c.{old_key} as old_id,
        c.{old_match} as number,
        regexp_replace(c.{old_match}, '\D', '', 'g') as digits,
        c.{tenant} as tenant
    from {old_table} as c
    where %(after)s::{type} is null or c.{old_key} > %(after)s::{type}
    order by c.{old_key}
    limit %(size)s
),

found as (
    select
        b.old_id,
        m.new_id as current_id,
        -- What the last build says comes first, even that the identity is still to be made; then what is there.
        coalesce(built_row.{new_key}, case when built.old_id is null then coalesce(m.new_id, numbered.new_id) end) as new_id
    from batch as b
    left join {mapping} as m on m.old_id = b.old_id
    left join {resolved} as built on built.old_id = b.old_id
    left join {new_table} as built_row on built_row.{new_key} = built.new_id
    left join lateral (
        select p.{new_key} as new_id
        from {new_table} as p
        where m.old_id is null and built.old_id is null
            and length(b.digits) > 5
            and p.{new_match} in (b.number, b.digits, '+' || b.digits)
            and p.{tenant} is not distinct from b.tenant
        order by p.{new_key}
        limit 1
    ) as numbered on true
),

made as (
    insert into {new_table} ({new_key}, {new_columns})
    select c.{old_key}, {old_columns}
    from found
    inner join {old_table} as c on c.{old_key} = found.old_id
    where found.new_id is null
    on conflict do nothing
    returning {new_key} as new_id
),

changed as (
    insert into {mapping} as m (old_id, new_id, created)
    select found.old_id, coalesce(found.new_id, found.old_id), made.new_id is not null
    from found
    left join made on made.new_id = found.old_id
    where found.new_id is null or found.new_id is distinct from found.current_id
    on conflict (old_id) do update set
        new_id = excluded.new_id, created = m.created or excluded.created, changed_at = clock_timestamp()
    where m.new_id is distinct from excluded.new_id
    returning 1
)

select
    (select old_id::text from batch order by old_id desc limit 1) as last_key,
    (select count(*) from batch) as seen,
    (select count(*) from changed) as changed
