-- Raises an error that names the decisions where they contradict one another.
select
    {functions}.check_overrides(
        array_agg(override order by override),
        array_agg(decision order by override),
        array_agg(tenant_id || ' ' || system_a || '.' || entity_a || ':' || source_id_a order by override),
        array_agg(tenant_id || ' ' || system_b || '.' || entity_b || ':' || source_id_b order by override)
    )
from (
    select 'seed ' || override_id as override, decision, tenant_id, system_a, entity_a, source_id_a, system_b, entity_b, source_id_b
    from {seeds}.match_overrides
    union all
    select 'c360_ops ' || override_id, decision, tenant_id, system_a, entity_a, source_id_a, system_b, entity_b, source_id_b
    from {ops}.match_overrides
) as decisions
