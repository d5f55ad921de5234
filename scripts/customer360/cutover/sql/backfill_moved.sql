with batch as materialized (
    select t.{key} as key, m.new_id
    from {mapping} as m
    inner join {table} as t on t.{old} = m.old_id
    where m.changed_at > %(since)s and t.{column} is distinct from m.new_id and %(after)s::text is null
    limit %(size)s
),

changed as (
    update {table} as t set {column} = b.new_id
    from batch as b
    where t.{key} = b.key
    returning 1
)

select null::text as last_key, (select count(*) from batch) as seen, (select count(*) from changed) as changed
