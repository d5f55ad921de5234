-- Grain: one row per rule and value whose edges are made anew: an identifier that was touched, or a pair whose score
-- changed. Empty on a full run, which makes them all.
-- depends_on: {{ ref("int_scored_pairs") }}
select
    tenant_id,
    kind as rule,
    value
from {{ ref("int_touched_identifiers") }}
{%- if not (execute and is_full_run()) %}

union all

select distinct
    tenant_id,
    'score' as rule,
    record_no_a || ' ' || record_no_b as value
from {{ operations_table("changed_scores") }}
{%- endif %}
