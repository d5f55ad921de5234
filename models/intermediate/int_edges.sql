-- Grain: one row per (record, rule, value) that ties the record to an older one: the evidence. The records
-- that carry one identifier form a star around the oldest of them, so n records need n - 1 edges.
with linking as (
    select
        identifiers.record_no,
        identifiers.tenant_id,
        identifiers.kind,
        identifiers.value,
        rules.weight
    from {{ ref("int_identifiers") }} as identifiers
    inner join {{ ref("identifier_rules") }} as rules on rules.kind = identifiers.kind and rules.links = 'always'
    where not exists (
        select
        from {{ ref("int_ignored_identifiers") }} as ignored
        where
            (ignored.tenant_id, ignored.kind, ignored.value)
            = (identifiers.tenant_id, identifiers.kind, identifiers.value)
    )
),

stars as (
    select
        tenant_id,
        kind,
        value,
        min(record_no) as centre_no
    from linking
    group by tenant_id, kind, value
    having count(*) > 1
)

select
    stars.centre_no as record_no_a,
    linking.record_no as record_no_b,
    linking.kind as rule,
    linking.value,
    linking.weight,
    'identifiers-1' as model_version
from linking
inner join stars using (tenant_id, kind, value)
where linking.record_no <> stars.centre_no
