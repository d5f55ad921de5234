-- Grain: one row per quarantined row of a table without staging view that carries a contact which nobody else has.
select t.{key}::text as source_id
from {schema}.{table} as t
where
    t.{key}::text in (
        select quarantined.source_id from {intermediate}.int_records as quarantined
        where
            quarantined.record_status = 'quarantined'
            and quarantined.tenant_id = %(tenant)s
            and quarantined.system = %(system)s
            and quarantined.entity = %(entity)s
    )
    and t::text ~* %(contacts)s
order by 1
