-- Grain: one row per identifier that both sides have, with what keeps it from linking. The sides are two records of
-- one customer, or all records of two customers.
with sides as (
    select 'a' as side, unnest(%(records_a)s::bigint[]) as record_no
    union all
    select 'b' as side, unnest(%(records_b)s::bigint[]) as record_no
),

given as (
    select
        identifiers.tenant_id,
        identifiers.kind,
        identifiers.value,
        min(identifiers.record_no) filter (where sides.side = 'a') as record_no_a,
        min(identifiers.record_no) filter (where sides.side = 'b') as record_no_b
    from sides
    inner join {intermediate}.int_identifiers as identifiers using (record_no)
    where identifiers.kind <> 'override'
    group by identifiers.tenant_id, identifiers.kind, identifiers.value
    having count(distinct sides.side) = 2
)

select
    given.kind,
    given.value,
    given.record_no_a,
    given.record_no_b,
    coalesce(ignored.verdict, case rules.links when 'always' then 'links' else rules.links end) as verdict,
    case
        when ignored.verdict is not null then ignored.reason
        when rules.links = 'never' then 'the seed identifier_rules lets this kind link nobody'
        when rules.links = 'if_names_agree' then 'the seed identifier_rules lets this kind link only names that agree'
        else 'it links all records that have it'
    end as reason
from given
inner join {seeds}.identifier_rules as rules using (kind)
left join {intermediate}.int_ignored_identifiers as ignored using (tenant_id, kind, value)
order by rules.weight desc, given.kind, given.value collate "C"
