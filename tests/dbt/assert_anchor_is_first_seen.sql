-- Why: the id of a customer belongs to the member first seen; an anchor that is not the oldest moves ids about.
select
    anchor_no,
    min(record_no) as first_seen_no
from {{ ref("int_clusters") }}
where is_live and {{ touched_by_build("anchor_no", "changed_members") }}
group by anchor_no
having min(record_no) <> anchor_no
