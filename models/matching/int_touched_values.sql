-- Grain: one row per block whose records share a value, and whose number or whose tenant's model changed: the weight
-- of sharing the value is reckoned anew. Empty on a full run, which reckons them all.
{%- set attributes = match_attributes() | map(attribute="name") | join(",") %}
{%- if execute and is_full_run() %}
select
    tenant_id,
    kind,
    null::text as attribute,
    key_hash
from {{ ref("int_match_blocks") }}
where false
{%- else %}
select
    changed.tenant_id,
    changed.kind,
    rules.rule as attribute,
    changed.key_hash
from {{ operations_table("changed_keys") }} as changed
inner join {{ ref("blocking_rules") }} as rules on rules.rule_no = changed.rule_no
where rules.rule = any('{ {{- attributes -}} }')

union

select
    blocks.tenant_id,
    blocks.kind,
    rules.rule as attribute,
    blocks.key_hash
from {{ operations_table("changed_priors") }} as changed
inner join {{ ref("int_match_blocks") }} as blocks
    on blocks.tenant_id = changed.tenant_id and blocks.kind = changed.kind
inner join {{ ref("blocking_rules") }} as rules on rules.rule_no = blocks.rule_no
where rules.rule = any('{ {{- attributes -}} }')
{%- endif %}
-- depends_on: {{ ref("int_match_priors") }}
