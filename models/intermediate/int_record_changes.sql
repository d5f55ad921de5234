-- Grain: one row per source record that this run has to read: new, changed, or gone. Only keys and hashes are
-- compared, so nothing is normalised here. The records of a system that is switched off, or whose table is
-- missing, are left out: silence is no deletion. A new record is given its customer id for good: the legacy id
-- that it carries, if it is the first ever to carry it, else one made from its key.
with staged as (
    {%- for staged in legacy_entities() %}
    select
        tenant_id,
        system,
        entity,
        source_id,
        row_hash,
        legacy_customer_id,
        case when legacy_customer_id is not null then created_at end as claimed_at
    from {{ ref(staged.model) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

known as (
    select * from {{ records_before_this_run() }} as registry
    where (system, entity) in ({{ readable_entities() }})
),

changes as (
    select
        tenant_id,
        system,
        entity,
        source_id,
        staged.row_hash,
        known.customer_id,
        staged.legacy_customer_id,
        staged.claimed_at
    from staged
    full join known using (tenant_id, system, entity, source_id)
    where
        case
            when staged.row_hash is null then known.record_status <> 'deleted'
            else {{ "true" if flags.FULL_REFRESH else "staged.row_hash is distinct from known.row_hash" }}
        end
),

claims as (
    select distinct on (changes.legacy_customer_id)
        changes.tenant_id,
        changes.system,
        changes.entity,
        changes.source_id,
        changes.legacy_customer_id as claimed_id
    from changes
    left join {{ records_before_this_run() }} as taken on taken.customer_id = changes.legacy_customer_id
    where
        changes.customer_id is null
        and changes.legacy_customer_id is not null
        and taken.customer_id is null
    order by
        changes.legacy_customer_id asc,
        changes.claimed_at asc nulls last,
        changes.system collate "C" asc,
        changes.entity collate "C" asc,
        changes.source_id collate "C" asc
)

select
    tenant_id,
    system,
    entity,
    source_id,
    changes.row_hash,
    coalesce(
        changes.customer_id,
        claims.claimed_id,
        md5(concat_ws(chr(31), 'customer360', tenant_id, system, entity, source_id))::uuid
    ) as customer_id,
    changes.row_hash is null as is_gone
from changes
left join claims using (tenant_id, system, entity, source_id)
