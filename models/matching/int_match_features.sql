-- Grain: one row per record that has a name or a contact: what matching compares, folded so that spelling that
-- means nothing is gone. A placeholder is no value.
{{ config(
    materialized=kept_as(),
    unlogged=var("match_training"),
    unique_key="record_no",
    contract={"enforced": not var("match_training")},
    meta={
        "upsert": {
            "within": {"columns": ["record_no"], "worklist": "int_touched_features"},
            "parallel": true,
            "log": [{"into": "changed_features", "columns": {"record_no": "record_no"}}]
        }
    }
) }}

with records as (
    {{ match_records() }}
    {{ computed_once() }}
),

folded as (
    select
        record_no,
        tenant_id,
        kind,
        nullif({{ function("name_words") }}({{ function("fold_accents") }}(first_name)), '') as first_name,
        nullif({{ function("name_words") }}({{ function("fold_accents") }}(last_name)), '') as last_name,
        case
            when kind = 'person' and coalesce(first_name, last_name) is null
                then {{ function("name_tokens") }}(full_name)
        end as words,
        case when kind = 'organization' then {{ function("org_key") }}(organization_name) end as organization_name,
        case when {{ function("placeholder_reason") }}('email', email) is null then email end as email,
        case
            when {{ function("placeholder_reason") }}('phone', phone) is null
                then nullif(ltrim(regexp_replace(phone, '[^0-9]', '', 'g'), '0'), '')
        end as phone,
        {{ function("date_digits") }}(birth_date) as birth_date,
        nullif(upper(regexp_replace(government_id, '[^[:alnum:]]', '', 'g')), '') as government_id,
        -- Many registers leave the address out, and a function takes its time to say nothing.
        case when street is not null then {{ function("street_text") }}(street) end as street,
        case
            when house_number is not null
                then nullif({{ function("name_words") }}({{ function("fold_accents") }}(house_number)), '')
        end as house_number,
        nullif(
            regexp_replace({{ function("name_words") }}({{ function("fold_accents") }}(city)), '(.) city$', '\1'), ''
        ) as city,
        case
            when state is not null
                then nullif({{ function("name_words") }}({{ function("fold_accents") }}(state)), '')
        end as state,
        nullif(regexp_replace(upper(postal_code), '[^A-Z0-9]', '', 'g'), '') as postal_code
    from records
    {{ computed_once() }}
),

addressed as (
    select
        *,
        coalesce(house_number, substring(street from '^([0-9]+[a-z]?)(?: |$)')) as house,
        nullif(
            case when house_number is null then regexp_replace(street, '^[0-9]+[a-z]?(?: |$)', '') else street end, ''
        ) as street_name
    from folded
    {{ computed_once() }}
),

keyed as (
    select
        *,
        case when street_name is not null then {{ function("street_words") }}(street_name) end as street_words,
        -- What follows the first of the given names is a middle name, as in a full name.
        case when kind = 'person' then left(coalesce(split_part(first_name, ' ', 1), words[1]), 100) end as given_name,
        case
            when first_name is not null then nullif(substr(first_name, strpos(first_name || ' ', ' ') + 1), '')
            when cardinality(words) > 2 then array_to_string(words[2:cardinality(words) - 1], ' ')
        end as middle_names,
        case
            when kind = 'person'
                then coalesce(last_name, case when cardinality(words) > 1 then words[cardinality(words)] end)
        end as family_name
    from addressed
    {{ computed_once() }}
)

select
    record_no,
    tenant_id,
    kind,
    given_name as first_name,
    case when kind = 'person' then left(middle_names, 100) end as middle_name,
    family_name as last_name,
    dmetaphone(given_name) as first_sound,
    dmetaphone(family_name) as last_sound,
    organization_name,
    left(email, 200) as email,
    case when roles.local_part is null then split_part(left(email, 200), '@', 1) end as email_name,
    split_part(left(email, 200), '@', 2) as email_domain,
    left(phone, 30) as phone,
    left(birth_date, 20) as birth_date,
    left(government_id, 40) as government_id,
    left(house, 20) as house_number,
    left(street_name, 100) as street,
    street_words,
    left(array_to_string(street_words, ''), 100) as street_key,
    house || '|' || left(array_to_string(street_words, ''), 100) as address_key,
    left(city, 100) as city,
    left(state, 100) as state,
    left(postal_code, 20) as postal_code,
    {{ function("trigram_bits") }}(given_name) as first_trigrams,
    {{ function("trigram_bits") }}(family_name) as last_trigrams,
    {{ function("trigram_bits") }}(left(city, 100)) as city_trigrams
from keyed
left join {{ ref("role_addresses") }} as roles on roles.local_part = split_part(keyed.email, '@', 1)
