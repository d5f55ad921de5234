-- Grain: one row per (identifier, record) that ties the record to another one: the evidence. Scored pairs from
-- `match_link_threshold` on are edges of the rule `score`, one for each pair. The records that carry
-- one identifier form a star around the oldest of them, so n records need n - 1 edges. Where the seed
-- identifier_rules says `if_names_agree`, a name is tied only to the oldest name that agrees with it, so that a
-- household that shares a phone falls into its people; a record without a name goes with the oldest name.
{{ config(
    materialized="upsert",
    unlogged=false,
    unique_key=["record_no_b", "rule", "value"],
    contract={"enforced": true},
    meta={
        "upsert": {
            "within": {
                "columns": ["tenant_id", "rule", "value"], "worklist": "int_touched_edges"
            },
            "log": [{
                "into": "changed_edges",
                "columns": {"record_no_a": "record_no_a", "record_no_b": "record_no_b"}
            }]
        },
        "indexes": [
            {"name": "int_edges_record_no_a_idx", "columns": "record_no_a"},
            {"name": "int_edges_value_idx", "columns": "value"},
            {"name": "int_edges_scores_idx", "columns": "record_no_b", "where": "rule = 'score'"}
        ]
    }
) }}

with linking as (
    select
        identifiers.record_no,
        identifiers.tenant_id,
        identifiers.kind,
        identifiers.value,
        rules.links,
        rules.weight
    from {{ identifier_carriers(within="int_touched_edges") }} as identifiers
    inner join {{ ref("identifier_rules") }} as rules on rules.kind = identifiers.kind and rules.links <> 'never'
    where
        not exists (
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
),

named as (
    select
        linking.*,
        coalesce(records.full_name, records.organization_name) as name
    from linking
    inner join stars using (tenant_id, kind, value)
    inner join {{ ref("int_records") }} as records on records.record_no = linking.record_no
    where linking.links = 'if_names_agree'
),

-- One row per name behind an identifier, the nameless records as one; enough names are looked at for any person.
names as (
    select
        tenant_id,
        kind,
        value,
        name,
        min(record_no) as first_no,
        row_number() over (
            partition by tenant_id, kind, value
            order by min(record_no)
        ) as place
    from named
    group by tenant_id, kind, value, name
),

centres as (
    select
        names.tenant_id,
        names.kind,
        names.value,
        names.name,
        names.first_no,
        coalesce(min(older.first_no), names.first_no) as centre_no
    from names
    left join names as older
        on
            older.tenant_id = names.tenant_id
            and older.kind = names.kind
            and older.value = names.value
            and older.name is not null
            and older.place <= 50
            and (names.name is null or older.first_no < names.first_no)
            and {{ function("name_tokens_agree") }}(older.name, names.name) is not false
    group by names.tenant_id, names.kind, names.value, names.name, names.first_no
),

ties as (
    select
        linking.tenant_id,
        linking.kind as rule,
        linking.value,
        stars.centre_no as record_no_a,
        linking.record_no as record_no_b,
        linking.weight
    from linking
    inner join stars using (tenant_id, kind, value)
    where linking.links = 'always'

    union all

    select
        named.tenant_id,
        named.kind as rule,
        named.value,
        case
            when named.name is null or named.record_no = centres.first_no then centres.centre_no
            else centres.first_no
        end as record_no_a,
        named.record_no as record_no_b,
        named.weight
    from named
    inner join centres
        on
            centres.tenant_id = named.tenant_id
            and centres.kind = named.kind
            and centres.value = named.value
            and centres.name is not distinct from named.name
)

select
    tenant_id,
    rule,
    value,
    record_no_a,
    record_no_b,
    weight::double precision as weight,
    'identifiers-1' as model_version
from ties
where record_no_a <> record_no_b

union all

select
    tenant_id,
    'score' as rule,
    record_no_a || ' ' || record_no_b as value,
    record_no_a,
    record_no_b,
    match_weight as weight,
    model_version
from {{ ref("int_scored_pairs") }}
where
    match_probability >= {{ var("match_link_threshold") }}
    and {{ touched(["record_no_a", "record_no_b"], "changed_scores") }}
