-- Grain: one row per source record that this run has to read: new, changed, or gone. Only keys and hashes are
-- compared, and on an incremental run only of the rows that somebody has written since the last one. Whether rows
-- are gone is a matter of counting: only where the numbers do not add up are the keys compared. The records of a
-- system that is switched off, or whose table is missing, are left out: silence is no deletion. A new record is
-- given its customer id for good: the legacy id that it carries, if it is the first ever to carry it and no erased
-- customer had it, else one made from its key.
{{ config(pre_hook="{{ note_source_scans() }}", meta={"parallel": true}) }}

{%- set registry = before_this_run(this.schema, "int_records", {
    "tenant_id": "text", "system": "text", "entity": "text", "source_id": "text", "row_hash": "uuid",
    "record_status": "text", "customer_id": "uuid",
}) %}
{%- set customers = before_this_run(target.schema, "customers", {"customer_id": "uuid", "status": "text"}) %}
{%- set is_full = execute and is_full_run() %}
{%- set scans = last_scans() %}
{%- set readable = readable_entities() %}

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
    where {{ written_since(scans.get(staged.model), "row_xmin") }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

{%- if is_full %}
known as (
    select * from {{ registry }} as registry
    where false{% for staged in readable %} or (system = '{{ staged.system }}' and entity = '{{ staged.entity }}'){% endfor %}
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
    where staged.row_hash is not null or known.record_status <> 'deleted'
),
{%- else %}
written as (
    select
        staged.*,
        known.customer_id,
        known.record_status,
        known.row_hash as known_hash
    from staged
    left join {{ registry }} as known using (tenant_id, system, entity, source_id)
),

registered as (
    select
        system,
        entity,
        count(*) as records
    from {{ registry }} as registry
    where record_status <> 'deleted'
    group by system, entity
),

arrived as (
    select
        system,
        entity,
        count(*) as records
    from written
    where coalesce(record_status, 'deleted') = 'deleted'
    group by system, entity
),

present as (
    select
        null::text as system,
        null::text as entity,
        0::bigint as records
    where false
    {%- for staged in readable %}

    union all

    select
        '{{ staged.system }}' as system,
        '{{ staged.entity }}' as entity,
        count(*) as records
    from {{ ref(staged.model) }}
    {%- endfor %}
),

-- Where the registry, once what is new or came back is in, does not hold as many as the table, rows are gone.
unbalanced as materialized (
    select
        system,
        entity
    from present
    left join registered using (system, entity)
    left join arrived using (system, entity)
    where coalesce(registered.records, 0) + coalesce(arrived.records, 0) <> present.records
),

-- The key alone, which an index holds; of the few that are not there the rest is looked up one by one.
absent as materialized (
    {%- for staged in legacy_entities() %}
    select
        known.tenant_id,
        known.system,
        known.entity,
        known.source_id
    from {{ registry }} as known
    where
        known.system = '{{ staged.system }}'
        and known.entity = '{{ staged.entity }}'
        and exists (select from unbalanced where system = '{{ staged.system }}' and entity = '{{ staged.entity }}')
        and not exists (
            select from {{ ref(staged.model) }} as present
            where present.tenant_id = known.tenant_id and present.source_id = known.source_id
        )
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

gone as (
    select
        absent.*,
        known.customer_id
    from absent
    cross join
        lateral (
            select registered.customer_id
            from {{ registry }} as registered
            where
                registered.tenant_id = absent.tenant_id
                and registered.system = absent.system
                and registered.entity = absent.entity
                and registered.source_id = absent.source_id
                and registered.record_status <> 'deleted'
            limit 1
        ) as known
),

changes as (
    select
        tenant_id,
        system,
        entity,
        source_id,
        row_hash,
        customer_id,
        legacy_customer_id,
        claimed_at
    from written
    where row_hash is distinct from known_hash

    union all

    select
        tenant_id,
        system,
        entity,
        source_id,
        null as row_hash,
        customer_id,
        null as legacy_customer_id,
        null as claimed_at
    from gone
),
{%- endif %}

claims as (
    select distinct on (changes.legacy_customer_id)
        changes.tenant_id,
        changes.system,
        changes.entity,
        changes.source_id,
        changes.legacy_customer_id as claimed_id
    from changes
    left join {{ registry }} as taken on taken.customer_id = changes.legacy_customer_id
    left join {{ customers }} as erased
        on erased.customer_id = changes.legacy_customer_id and erased.status = 'erased'
    where
        changes.customer_id is null
        and changes.legacy_customer_id is not null
        and num_nonnulls(taken.customer_id, erased.customer_id) = 0
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
