with batch as materialized (
    select t.{key} as key, r.to_customer_id
    from {redirects} as r
    inner join {table} as t on t.{column} = r.from_customer_id
    where r.since > %(since)s and %(after)s::text is null
    limit %(size)s
),

changed as (
    update {table} as t set {column} = b.to_customer_id
    from batch as b
    where t.{key} = b.key
    returning 1
)

select null::text as last_key, (select count(*) from batch) as seen, (select count(*) from changed) as changed
