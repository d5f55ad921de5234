-- Grain: one row per record whose features are made anew: it changed, or what is known of its phone or its email did.
-- Empty on a full run, which makes them all.
-- depends_on: {{ ref("int_ignored_identifiers") }}, {{ ref("int_overrides") }}
{%- if execute and is_full_run() %}
select record_no
from {{ ref("int_identifiers") }}
where false
{%- else %}
select record_no from {{ operations_table("changed_records") }}

union

select record_no
from {{ ref("int_identifiers") }}
where {{ touched(["tenant_id", "kind", "value"], "changed_verdicts") }}
{%- endif %}
