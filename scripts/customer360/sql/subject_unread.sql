-- Grain: one row per legacy row that no build has taken in, or only into quarantine, and that carries an identifier which
-- nobody else has. The subqueries keep the planner from normalising rows that are known.
with unread as materialized (
    select staged.tenant_id, staged.source_id
    from {staging}.{view} as staged
    left join {intermediate}.int_records as known
        on
            known.tenant_id = staged.tenant_id
            and known.system = %(system)s
            and known.entity = %(entity)s
            and known.source_id = staged.source_id
    where known.record_status is null or known.record_status = 'quarantined'
),

normalised as (
    select
        staged.tenant_id,
        staged.source_id,
        staged.own_reference,
        staged.customer_reference,
        staged.phone,
        staged.second_phone,
        staged.whatsapp_number,
        staged.email,
        staged.tax_id,
        staged.registration_number
    from {staging}.{view} as staged
    inner join unread using (tenant_id, source_id)
    offset 0
)

select normalised.source_id
from normalised
where
    normalised.tenant_id = %(tenant)s
    and exists (
        select
        from (
            values
            ('reference', normalised.own_reference),
            ('reference', normalised.customer_reference),
            ('phone', normalised.phone),
            ('phone', normalised.second_phone),
            ('phone', normalised.whatsapp_number),
            ('email', normalised.email),
            ('tax_id', normalised.tax_id),
            ('registration_number', normalised.registration_number)
        ) as given (kind, value)
        inner join unnest(%(kinds)s::text[], %(values)s::text[]) as theirs (kind, value) using (kind, value)
    )
order by normalised.source_id
