with batch as materialized (
    select c.customer_id from {customers} as c
    where %(after)s::uuid is null or c.customer_id > %(after)s::uuid
    order by c.customer_id
    limit %(size)s
),

counted as materialized (
    select b.customer_id, {recount}(array[b.customer_id]) from batch as b
    where {has_rows} or exists (select from {counters} as k where k.customer_id = b.customer_id)
    order by b.customer_id
)

select
    (select customer_id::text from batch order by customer_id desc limit 1) as last_key,
    (select count(*) from batch) as seen,
    (select count(*) from counted) as changed
