-- Grain: one row per decision of a person on two records, from the seed `match_overrides` (reviewed in git) and the
-- table of the same name (made by `c360 link` and `c360 separate`), with the records that it names. One whose
-- record is not live waits until it is. Decisions that contradict one another stop the build.
{{ config(
    materialized="upsert",
    unlogged=false,
    unique_key="override",
    contract={"enforced": true},
    meta={
        "upsert": {
            "log": [
                {"into": "changed_records", "columns": {"record_no": "record_no_a"}},
                {"into": "changed_records", "columns": {"record_no": "record_no_b"}},
                {
                    "into": "changed_edges",
                    "columns": {"record_no_a": "record_no_a", "record_no_b": "record_no_b"}
                }
            ]
        }
    }
) }}

with decisions as (
    select
        'seed ' || override_id as override,
        decision,
        tenant_id,
        system_a,
        entity_a,
        source_id_a,
        system_b,
        entity_b,
        source_id_b,
        reason,
        decided_by
    from {{ ref("match_overrides") }}

    union all

    select
        'c360_ops ' || override_id as override,
        decision,
        tenant_id,
        system_a,
        entity_a,
        source_id_a,
        system_b,
        entity_b,
        source_id_b,
        reason,
        decided_by
    from {{ operations_table("match_overrides") if execute and model.resource_type != "unit_test" else ref("match_overrides") }}
),

resolved as (
    select
        decisions.override,
        decisions.decision,
        decisions.tenant_id,
        a.record_no as record_no_a,
        b.record_no as record_no_b,
        decisions.system_a || '.' || decisions.entity_a || ':' || decisions.source_id_a as record_a,
        decisions.system_b || '.' || decisions.entity_b || ':' || decisions.source_id_b as record_b,
        decisions.reason,
        decisions.decided_by
    from decisions
    left join {{ ref("int_records") }} as a
        on
            a.tenant_id = decisions.tenant_id
            and a.system = decisions.system_a
            and a.entity = decisions.entity_a
            and a.source_id = decisions.source_id_a
            and a.record_status = 'live'
    left join {{ ref("int_records") }} as b
        on
            b.tenant_id = decisions.tenant_id
            and b.system = decisions.system_b
            and b.entity = decisions.entity_b
            and b.source_id = decisions.source_id_b
            and b.record_status = 'live'
),

checked as (
    select
        {{ function("check_overrides") }}(
            array_agg(override order by override),
            array_agg(decision order by override),
            array_agg(tenant_id || ' ' || record_a order by override),
            array_agg(tenant_id || ' ' || record_b order by override)
        ) as is_consistent
    from resolved
)

select
    resolved.override,
    resolved.decision,
    resolved.tenant_id,
    resolved.record_no_a,
    resolved.record_no_b,
    resolved.record_a,
    resolved.record_b,
    resolved.reason,
    resolved.decided_by
from resolved
inner join checked on checked.is_consistent
