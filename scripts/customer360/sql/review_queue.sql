-- Grain: one row per pair of records in doubt that nobody decided on yet, worst doubt first: where what the last build
-- did is most likely wrong. How alike two records are is their match probability, or else the likeness of their names;
-- it speaks against the pair being two customers, or, where they are one, for it.
with pairs as (
    select
        least(record_no_a, record_no_b) as record_no_a,
        greatest(record_no_a, record_no_b) as record_no_b,
        max((to_jsonb(doubts) ->> 'match_probability')::double precision) as match_probability,
        jsonb_agg(
            jsonb_build_object('doubt', doubt, 'rule', rule, 'value', value, 'reason', reason)
            order by doubt, rule, value
        ) as doubts
    from {canonical}.review_pairs as doubts
    where %(tenant)s::text is null or tenant_id = %(tenant)s
    group by 1, 2
),

compared as (
    select
        pairs.*,
        a.anchor_no = b.anchor_no as is_one,
        coalesce(
            pairs.match_probability,
            least(
                {extensions}.similarity(records_a.full_name, records_b.full_name),
                {extensions}.similarity(records_a.organization_name, records_b.organization_name)
            ),
            0.5
        ) as likeness
    from pairs
    inner join {intermediate}.int_clusters as a on a.record_no = pairs.record_no_a
    inner join {intermediate}.int_clusters as b on b.record_no = pairs.record_no_b
    inner join {intermediate}.int_records as records_a on records_a.record_no = pairs.record_no_a
    inner join {intermediate}.int_records as records_b on records_b.record_no = pairs.record_no_b
    where
        records_a.record_status = 'live'
        and records_b.record_status = 'live'
        and not exists (
            select
            from {ops}.match_overrides as decisions
            where
                decisions.tenant_id = records_a.tenant_id
                and (decisions.system_a, decisions.entity_a, decisions.source_id_a) in (
                    (records_a.system, records_a.entity, records_a.source_id),
                    (records_b.system, records_b.entity, records_b.source_id)
                )
                and (decisions.system_b, decisions.entity_b, decisions.source_id_b) in (
                    (records_a.system, records_a.entity, records_a.source_id),
                    (records_b.system, records_b.entity, records_b.source_id)
                )
        )
)

select
    record_no_a,
    record_no_b,
    is_one,
    match_probability,
    case when is_one then 1 - likeness else likeness end as chance_of_error,
    doubts,
    count(*) over () as waiting
from compared
order by chance_of_error desc, record_no_a, record_no_b
limit %(limit)s
