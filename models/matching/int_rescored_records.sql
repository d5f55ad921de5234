-- Grain: one row per record whose pairs are all found and scored anew: it changed, it stands in a block that its cap
-- shuts out and that was let in before (or whose weight changed), or its tenant's model changed. Empty on a full run.
-- depends_on: {{ ref("int_match_keys") }}, {{ ref("int_match_value_counts") }}, {{ ref("int_match_priors") }}
{%- if execute and is_full_run() %}
select record_no
from {{ ref("int_match_features") }}
where false
{%- else %}
select record_no from {{ operations_table("changed_features") }}

union

select keys.record_no
from {{ operations_table("changed_blocks") }} as changed
inner join {{ ref("int_match_blocks") }} as blocks using (tenant_id, kind, rule_no, key_hash)
inner join {{ ref("int_match_keys") }} as keys using (tenant_id, kind, rule_no, key_hash)
where blocks.is_capped

union

select features.record_no
from {{ operations_table("changed_priors") }} as changed
inner join {{ ref("int_match_features") }} as features using (tenant_id, kind)
{%- endif %}
