-- The records that a build would tie an arrival to by one identifier: as int_edges does, with what came in since the last
-- build. A customer whose row is not there yet (a build is at work) cannot be answered with, so it does not count.
with carriers as (
    select
        identifiers.record_no,
        coalesce(records.full_name, records.organization_name) as name,
        records.name_group,
        clusters.customer_id
    from {{ ref('int_identifiers') }} as identifiers
    inner join {{ ref('int_records') }} as records on records.record_no = identifiers.record_no
    inner join {{ ref('int_clusters') }} as clusters on clusters.record_no = identifiers.record_no and clusters.is_live
    where
        identifiers.tenant_id = in_tenant
        and identifiers.kind = identifier_kind
        and identifiers.value = identifier_value

    union

    select
        pending.record_no,
        pending.name,
        pending.name_group,
        {{ function('current_customer_id') }}(pending.customer_id)
    from {{ operations_table('intake_pending') }} as pending
    where
        pending.tenant_id = in_tenant
        and pending.kind = identifier_kind
        and pending.value = identifier_value
)

select
    carriers.record_no,
    carriers.name_group,
    customers.customer_id,
    customers.anchor_no
from carriers
inner join {{ ref('customers') }} as customers on customers.customer_id = carriers.customer_id
inner join {{ ref('identifier_rules') }} as rules on rules.kind = identifier_kind
where
    customers.status not in ('merged', 'erased')
    and customers.record_count < {{ var('max_cluster_records') }}
    and (
        rules.links = 'always'
        or (
            rules.links = 'if_names_agree'
            and carriers.record_no = (
                select agreeing.record_no
                from carriers as agreeing
                where
                    agreeing.name is not distinct from arriving_name
                    or (
                        agreeing.name is not null
                        and {{ function('name_tokens_agree') }}(agreeing.name, arriving_name) is not false
                    )
                    or (agreeing.name is null and not exists (select from carriers as named where named.name is not null))
                order by agreeing.name is not distinct from arriving_name desc, agreeing.record_no
                limit 1
            )
        )
    )
