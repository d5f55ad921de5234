-- Grain: one row per identifier that may have to be judged or linked anew: a record got it or lost it, or one that
-- carries it changed its name. Empty on a full run, which judges them all.
{%- if execute and is_full_run() %}
select
    tenant_id,
    kind,
    value
from {{ ref("int_identifiers") }}
where false
{%- else %}
select
    tenant_id,
    kind,
    value
from {{ operations_table("changed_identifiers") }}

union

select
    tenant_id,
    kind,
    value
from {{ ref("int_identifiers") }}
where {{ touched("record_no", "changed_names") }}
{%- endif %}
