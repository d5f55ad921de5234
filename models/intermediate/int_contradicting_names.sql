-- Grain: one row per (identifier, kind of name, name) that ties a record to another one although the name does not
-- agree with the oldest name behind the identifier: a household, a reused number, or a wrong tie. For review.
{{ config(
    materialized="upsert",
    unlogged=false,
    unique_key=["record_no_b", "rule", "value"],
    contract={"enforced": true},
    meta={
        "upsert": {
            "within": {
                "columns": {"tenant_id": "tenant_id", "rule": "kind", "value": "value"},
                "worklist": "int_touched_identifiers"
            }
        },
        "indexes": [{"name": "int_contradicting_names_value_idx", "columns": "value"}]
    }
) }}

with named as (
    select
        identifiers.tenant_id,
        identifiers.kind,
        identifiers.value,
        names.name,
        min(identifiers.record_no) as record_no,
        names.is_person
    from {{ identifier_carriers(within="int_touched_identifiers") }} as identifiers
    inner join {{ ref("identifier_rules") }} as rules on rules.kind = identifiers.kind and rules.links = 'always'
    cross join
        lateral (
            values (true, identifiers.full_name), (false, identifiers.organization_name)
        ) as names (is_person, name)
    where
        names.name is not null
        and identifiers.kind <> 'override'
        and not exists (
            select
            from {{ ref("int_ignored_identifiers") }} as ignored
            where
                (ignored.tenant_id, ignored.kind, ignored.value)
                = (identifiers.tenant_id, identifiers.kind, identifiers.value)
        )
    group by identifiers.tenant_id, identifiers.kind, identifiers.value, names.is_person, names.name
),

oldest as (
    select
        *,
        first_value(record_no) over names_by_age as oldest_no,
        first_value(name) over names_by_age as oldest_name
    from named
    window names_by_age as (
        partition by tenant_id, kind, value, is_person
        order by record_no
    )
)

select distinct on (tenant_id, kind, value, record_no)
    tenant_id,
    kind as rule,
    value,
    oldest_no as record_no_a,
    record_no as record_no_b,
    oldest_name as name_a,
    name as name_b
from oldest
where record_no <> oldest_no and {{ function("name_tokens_agree") }}(oldest_name, name) is false
order by tenant_id asc, kind asc, value asc, record_no asc, is_person desc
