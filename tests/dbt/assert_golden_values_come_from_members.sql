-- Why: each golden value names the record it came from; a record of somebody else would be a leak between people.
select
    golden.anchor_no,
    golden.attribute,
    golden.record_no
from {{ ref("int_golden_values") }} as golden
left join {{ ref("int_clusters") }} as clusters
    on clusters.record_no = golden.record_no and clusters.anchor_no = golden.anchor_no
where clusters.record_no is null
    and {{ touched_by_build("golden.anchor_no", "int_touched_clusters", as_array=true) }}
