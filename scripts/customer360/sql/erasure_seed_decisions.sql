-- Decisions on the person's records that stand in the file of a seed: the next build would read them again.
select override_id::text
from {seeds}.match_overrides
where
    tenant_id = %(tenant)s
    and (
        (system_a, entity_a, source_id_a) in (
            select * from unnest(%(systems)s::text[], %(entities)s::text[], %(source_ids)s::text[])
        )
        or (system_b, entity_b, source_id_b) in (
            select * from unnest(%(systems)s::text[], %(entities)s::text[], %(source_ids)s::text[])
        )
    )
order by 1
