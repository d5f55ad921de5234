-- Grain: one row per record whose cluster is taken apart and made again: the record changed, or an edge of its
-- component did. Empty on a full run, which takes all of them.
-- depends_on: {{ ref("int_edges") }}
{%- set clusters = before_this_run(this.schema, "int_clusters", {"record_no": "bigint", "component_no": "bigint"}) %}
{%- if execute and is_full_run() %}
select null::bigint as record_no
where false
{%- else %}
with changed as (
    select record_no_a as record_no from {{ operations_table("changed_edges") }}
    union
    select record_no_b from {{ operations_table("changed_edges") }}
    union
    select record_no from {{ operations_table("changed_records") }}
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
