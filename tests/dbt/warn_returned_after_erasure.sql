-- Why: somebody who was erased and is there again may have come back, or been brought back by a restored backup.
{{ config(severity="warn") }}

select
    customer_id,
    erasure_id,
    erased_at,
    kinds
from {{ ref("returned_after_erasure") }}
where {{ touched_by_build("anchor_no", "int_touched_clusters", as_array=true) }}
