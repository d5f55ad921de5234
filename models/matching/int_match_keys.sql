-- Grain: one row per (record, blocking rule, key): records that share a key of a rule are compared, if the block is
-- not larger than the rule's cap.
{{ config(
    materialized=kept_as(),
    unlogged=var("match_training"),
    unique_key=["record_no", "rule_no", "key_hash"],
    contract={"enforced": not var("match_training")},
    meta={
        "upsert": {
            "within": {"columns": ["record_no"], "worklist": "changed_features"},
            "parallel": true,
            "log": [{
                "into": "changed_keys",
                "columns": {"tenant_id": "tenant_id", "kind": "kind", "rule_no": "rule_no", "key_hash": "key_hash"}
            }]
        },
        "indexes": [{"name": "int_match_keys_key_hash_idx", "columns": "key_hash"}]
    }
) }}

with features as not materialized (
    select
        *,
        kind = 'person' as is_person,
        coalesce(postal_code, city) as place,
        left(first_name, 1) || left(last_name, 1) as initials,
        left(birth_date, 4) as birth_year,
        right(birth_date, 4) as birthday
    from {{ ref("int_match_features") }}
    where {{ touched("record_no", "changed_features") }}
),

-- The words apart from the rest: parallel workers run a list of VALUES for each record, but no UNION for each.
keys as (
    select
        features.record_no,
        features.tenant_id,
        features.kind,
        keys.rule,
        keys.key
    from features
    cross join
        lateral (
            values
            ('government_id', features.government_id),
            ('phone', features.phone),
            ('email', features.email),
            ('email_name', case when length(features.email_name) > 3 then features.email_name end),
            ('email_domain', features.email_domain),
            ('address', features.address_key),
            ('house_and_postal_code', features.house_number || '|' || features.postal_code),
            ('street_and_place', left(features.street_key, 5) || '|' || features.place),
            -- Organisations have no first and last name.
            (
                'names',
                least(features.first_name, features.last_name)
                || '|'
                || greatest(features.first_name, features.last_name)
            ),
            ('name_sounds', features.first_sound || '|' || features.last_sound),
            ('name_beginnings', left(features.first_name, 3) || '|' || left(features.last_name, 3)),
            ('first_name', features.first_name),
            ('last_name', features.last_name),
            ('birth_date', case when features.is_person then features.birth_date end),
            ('first_name_and_year', features.first_name || '|' || features.birth_year),
            ('first_name_and_birthday', features.first_name || '|' || features.birthday),
            ('last_name_and_year', features.last_name || '|' || features.birth_year),
            ('last_name_and_birthday', features.last_name || '|' || features.birthday),
            ('first_beginning_and_year', left(features.first_name, 3) || '|' || features.birth_year),
            ('last_beginning_and_year', left(features.last_name, 3) || '|' || features.birth_year),
            ('initials_and_year', features.initials || '|' || features.birth_year),
            ('initials_and_place', features.initials || '|' || features.place),
            ('first_name_and_place', features.first_name || '|' || features.place),
            ('last_name_and_place', features.last_name || '|' || features.place),
            ('first_name_and_street', features.first_name || '|' || features.street_key),
            ('last_name_and_street', features.last_name || '|' || features.street_key),
            ('city_and_year', case when features.is_person then features.city || '|' || features.birth_year end),
            ('place', case when features.is_person then features.place end),
            -- People have no organization_name.
            ('organization_name', features.organization_name),
            ('organization_beginning', left(replace(features.organization_name, ' ', ''), 6)),
            (
                'organization_and_house',
                left(features.organization_name, 1) || '|' || features.house_number || '|'
                || coalesce(left(features.street_key, 3), '')
            )
        ) as keys (rule, key)

    union all

    select distinct
        features.record_no,
        features.tenant_id,
        features.kind,
        'organization_word' as rule,
        words.word as key
    from features
    cross join lateral unnest(string_to_array(left(features.organization_name, 200), ' ')) as words (word)
    where length(words.word) > 1
)

select
    keys.record_no,
    keys.tenant_id,
    keys.kind,
    rules.rule_no,
    hashtextextended(keys.key collate "C", 0) as key_hash,
    left(keys.key, 200) as key
from keys
inner join {{ ref("blocking_rules") }} as rules on rules.rule = keys.rule
where keys.key is not null
-- The records of a block stand together, where those who join them find them at half the cost.
order by key_hash
