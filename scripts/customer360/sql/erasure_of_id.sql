-- The erasure that took a customer with this id, if any.
select erasures.erasure_id, erasures.certificate
from {ops}.erasures as erasures
where
    erasures.customer_id = %(customer_id)s
    or erasures.certificate -> 'customer_ids' ? (%(customer_id)s::uuid)::text
order by erasures.erasure_id
limit 1
