-- Grain: one row per identifier that several people share: a front desk, a call centre. It is known by its
-- people, not by its records: many groups of names, none of which is its owner; a person with a hundred tickets
-- is one group.
{{ config(materialized="ephemeral") }}

with busy as (
    select
        tenant_id,
        kind,
        value
    from {{ identifier_carriers() }} as carriers
    where kind <> 'override'
    group by tenant_id, kind, value
    having count(*) >= {{ var("shared_identifier_min_name_groups") }}
),

name_groups as (
    select
        identifiers.tenant_id,
        identifiers.kind,
        identifiers.value,
        identifiers.name_group,
        count(*) as records
    from {{ identifier_carriers() }} as identifiers
    inner join busy using (tenant_id, kind, value)
    where identifiers.name_group is not null
    group by identifiers.tenant_id, identifiers.kind, identifiers.value, identifiers.name_group
)

select
    tenant_id,
    kind,
    value,
    count(*) as name_groups,
    (max(records) / sum(records))::real as largest_share
from name_groups
group by tenant_id, kind, value
having
    count(*) >= {{ var("shared_identifier_min_name_groups") }}
    and max(records) < {{ var("shared_identifier_max_group_share") }} * sum(records)
