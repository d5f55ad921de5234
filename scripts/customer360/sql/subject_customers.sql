-- Grain: one row per customer id whose row speaks of these records: a member was its anchor, or it has no records any
-- more and took its last values from them.
select customer_id from {canonical}.customers
where anchor_no = any(%(record_nos)s)
union
select former.customer_id
from {canonical}.customers as former
cross join lateral jsonb_each_text(former.provenance) as given
where
    former.record_count = 0
    and former.customer_id in (
        select was.customer_id from {history}.membership_history as was
        where was.record_no = any(%(record_nos)s)
    )
    and given.value::bigint = any(%(record_nos)s)
order by 1
