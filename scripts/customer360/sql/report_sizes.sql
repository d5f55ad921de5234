-- Grain: one row per size of customer, in live records; sizes without a customer are there with 0.
with sizes (position, size, least, most) as (
    values
    (1, '1', 1, 1),
    (2, '2', 2, 2),
    (3, '3', 3, 3),
    (4, '4', 4, 4),
    (5, '5', 5, 5),
    (6, '6–10', 6, 10),
    (7, '11–20', 11, 20),
    (8, '21–50', 21, 50),
    (9, '51–200', 51, 200),
    (10, '> 200', 201, null)
)

select
    sizes.size,
    count(customers.customer_id) as customers,
    coalesce(sum(customers.record_count), 0)::bigint as records
from sizes
left join {canonical}.customers as customers
    on customers.record_count >= sizes.least
    and (sizes.most is null or customers.record_count <= sizes.most)
group by sizes.position, sizes.size
order by sizes.position
