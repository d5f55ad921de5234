-- Grain: one row per record whose cluster is taken apart and made again: an edge of its component changed, or a
-- record of it came, went, or changed who it says it is. Empty on a full run, which takes all of them.
-- depends_on: {{ ref("int_edges") }}
{%- set clusters = before_this_run(this.schema, "int_clusters", {
    "record_no": "bigint", "component_no": "bigint", "is_live": "boolean", "is_identified": "boolean",
}) %}
{%- if execute and is_full_run() %}
select null::bigint as record_no
where false
{%- else %}
with changed as (
    select record_no_a as record_no from {{ operations_table("changed_edges") }}
    union
    select record_no_b from {{ operations_table("changed_edges") }}

    union

    -- A record that came or went, or that may make its cluster identified, or no longer so. Any other change of a
    -- record leaves clusters as they are.
    select changed_records.record_no
    from {{ operations_table("changed_records") }} as changed_records
    inner join {{ ref("int_records") }} as records on records.record_no = changed_records.record_no
    left join {{ clusters }} as clusters on clusters.record_no = changed_records.record_no
    where
        (records.record_status = 'live') is distinct from clusters.is_live
        or {{ says_who("records") }} is distinct from clusters.is_identified
)

select record_no from changed

union

select clusters.record_no
from {{ clusters }} as clusters
where
    clusters.component_no in (
        select known.component_no from {{ clusters }} as known
        where known.record_no in (select changed.record_no from changed)
    )
{%- endif %}
