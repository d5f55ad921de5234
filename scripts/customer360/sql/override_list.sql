-- Grain: one row per decision that somebody made with c360, the latest first, and whether the last build obeys it.
select
    decisions.override_id,
    decisions.decision,
    decisions.tenant_id,
    decisions.system_a || '.' || decisions.entity_a || ':' || decisions.source_id_a as record_a,
    decisions.system_b || '.' || decisions.entity_b || ':' || decisions.source_id_b as record_b,
    decisions.reason,
    decisions.decided_by,
    decisions.decided_at,
    case
        when built.override is null then 'waits for the next build'
        when num_nulls(built.record_no_a, built.record_no_b) > 0 then 'waits for a record that is not live'
        else 'in force'
    end as state
from {ops}.match_overrides as decisions
left join {intermediate}.int_overrides as built on built.override = 'c360_ops ' || decisions.override_id
order by decisions.override_id desc
