-- Why: each golden value names the record it came from; a record of somebody else would be a leak between people.
select
    golden.anchor_no,
    given.key as attribute,
    given.value as record_no
from {{ ref("int_golden_records") }} as golden
cross join lateral jsonb_each_text(golden.provenance) as given
-- One lookup for each: the planner expects ten times as many values, and would read all clusters.
left join lateral (
    select clusters.record_no
    from {{ ref("int_clusters") }} as clusters
    where clusters.record_no = given.value::bigint and clusters.anchor_no = golden.anchor_no
    limit 1
) as members on true
where
    members.record_no is null
    and {{ touched_by_build("golden.anchor_no", "int_touched_clusters") }}
