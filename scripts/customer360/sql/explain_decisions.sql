-- Grain: one row per decision of a person that names a record on either side, the latest last: those that the last
-- build obeyed, and those that it did not know.
with decisions as (
    select
        override,
        decision,
        tenant_id,
        record_a,
        record_b,
        reason,
        decided_by
    from {intermediate}.int_overrides

    union

    select
        'c360_ops ' || override_id,
        decision,
        tenant_id,
        system_a || '.' || entity_a || ':' || source_id_a,
        system_b || '.' || entity_b || ':' || source_id_b,
        reason,
        decided_by
    from {ops}.match_overrides
)

select
    decisions.override,
    decisions.decision,
    decisions.record_a,
    decisions.record_b,
    decisions.reason,
    decisions.decided_by,
    made.decided_at,
    case
        when built.override is null then 'waits for the next build'
        when decisions.override like 'c360_ops %%' and made.override_id is null then 'taken back: the next build forgets it'
        else 'in force'
    end as state
from decisions
left join {intermediate}.int_overrides as built using (override)
left join {ops}.match_overrides as made
    on made.override_id = substring(decisions.override from '^c360_ops (\d+)$')::bigint
where
    decisions.tenant_id = %(tenant_id)s
    and (
        (decisions.record_a = any(%(keys_a)s) and decisions.record_b = any(%(keys_b)s))
        or (decisions.record_a = any(%(keys_b)s) and decisions.record_b = any(%(keys_a)s))
    )
order by made.decided_at, decisions.override
