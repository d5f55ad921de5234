-- Grain: one row per record whose link to its customer this run makes anew: it changed, or went to another cluster.
-- Read once for all link tables. Empty on a full run, which makes them all.
-- depends_on: {{ ref("int_clusters") }}
{%- if execute and is_full_run() %}
select
    record_no,
    tenant_id,
    system,
    entity,
    source_id,
    customer_id,
    is_identified
from {{ ref("int_clusters") }}
where false
{%- else %}
select
    touched.record_no,
    clusters.tenant_id,
    clusters.system,
    clusters.entity,
    clusters.source_id,
    clusters.customer_id,
    clusters.is_identified
from (
    select record_no from {{ operations_table("changed_members") }}
    union
    select record_no from {{ operations_table("changed_records") }}
) as touched
left join {{ ref("int_clusters") }} as clusters on clusters.record_no = touched.record_no
{%- endif %}
