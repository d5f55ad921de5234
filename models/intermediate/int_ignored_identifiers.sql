-- Grain: one row per (tenant, kind, value) that links nobody, with the reason. Several may hold; the plainest
-- is kept.
with usage as (
    select
        tenant_id,
        kind,
        value,
        count(*) as records
    from {{ identifier_carriers(within="int_touched_identifiers") }} as carriers
    where kind <> 'override'
    group by tenant_id, kind, value
),

reasons as (
    select
        usage.*,
        'placeholder' as verdict,
        {{ function("placeholder_reason") }}(usage.kind, regexp_replace(usage.value, '^[^:]*:', '')) as reason
    from usage

    union all

    select
        usage.*,
        'placeholder' as verdict,
        patterns.reason
    from usage
    inner join {{ ref("placeholders") }} as patterns
        on patterns.kind = usage.kind and usage.value like patterns.pattern

    union all

    select
        usage.*,
        'disposable' as verdict,
        'disposable inbox at ' || domains.domain as reason
    from usage
    inner join {{ ref("disposable_domains") }} as domains on domains.domain = split_part(usage.value, '@', 2)
    where usage.kind = 'email'

    union all

    select
        usage.*,
        'role' as verdict,
        'the mailbox of a role: ' || roles.local_part || '@' as reason
    from usage
    inner join {{ ref("role_addresses") }} as roles on roles.local_part = split_part(usage.value, '@', 1)
    where usage.kind = 'email'

    union all

    select
        usage.*,
        'shared' as verdict,
        shared.name_groups || ' groups of names share it, the largest with '
        || round(100 * shared.largest_share::numeric) || ' % of its named records' as reason
    from usage
    inner join {{ ref("int_shared_identifiers") }} as shared using (tenant_id, kind, value)
)

select distinct on (tenant_id, kind, value)
    tenant_id,
    kind,
    value,
    verdict,
    reason,
    records
from reasons
where reason is not null
order by
    tenant_id asc,
    kind asc,
    value asc,
    array_position(array['placeholder', 'disposable', 'role', 'shared'], verdict) asc,
    reason asc
