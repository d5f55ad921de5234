{#- The comparison vector of each pair in `pairs`: for each attribute the highest level that the two records reach,
    0 for disagreement, NULL where one of them has no value. What levels mean is in docs/matching.md.
    Place is part of the address: who lives in one street lives in one town, so it is no evidence of its own.
    What several levels need is computed first, in a subquery: parallel workers run that, but no LATERAL that has to be
    computed once. -#}
{% macro compared_pairs(pairs) %}
{%- set compared = [
    "first_name", "first_sound", "middle_name", "last_name", "last_sound", "organization_name", "email", "email_name",
    "phone", "birth_date", "government_id", "house_number", "street", "street_key", "street_words", "city", "state",
    "postal_code", "first_trigrams", "last_trigrams", "city_trigrams",
] -%}
{%- set is_name_shared = "(is_name_shared or coalesce(organization_likeness >= 0.4, false))" -%}
select
    record_no_a,
    record_no_b,
    tenant_id,
    kind,
    (case
        when is_swapped then 4
        when is_nickname and a_first_name <> b_first_name then 5
        -- A space too many, or too few.
        when
            a_first_name <> b_first_name
            and coalesce(a_middle_name, b_middle_name) is not null
            and levenshtein_less_equal(
                concat(a_first_name, replace(a_middle_name, ' ', '')),
                concat(b_first_name, replace(b_middle_name, ' ', '')),
                1
            ) <= 1
            then 5
        when
            a_first_name <> b_first_name
            and (
                a_first_name = any(string_to_array(b_middle_name, ' '))
                or b_first_name = any(string_to_array(a_middle_name, ' '))
            )
            then 3
        {{ name_levels("first_name", "first_sound", "first_trigrams") }}
    end)::smallint as first_name,
    (case
        when a_middle_name is null or b_middle_name is null then null
        when a_middle_name = b_middle_name and length(a_middle_name) > 1 then 2
        when
            string_to_array(a_middle_name, ' ') && string_to_array(b_middle_name, ' ')
            or (length(a_middle_name) = 1 or length(b_middle_name) = 1)
            and left(a_middle_name, 1) = left(b_middle_name, 1)
            or least(length(a_middle_name), length(b_middle_name)) > 3 and {{ near("middle_name", 2) }}
            then 1
        else 0
    end)::smallint as middle_name,
    (case
        when is_swapped then null
        when
            a_last_name <> b_last_name
            and (
                a_last_name = any(string_to_array(b_middle_name, ' '))
                or b_last_name = any(string_to_array(a_middle_name, ' '))
                or a_last_name like '% %' and string_to_array(a_last_name, ' ') @> string_to_array(b_last_name, ' ')
                or b_last_name like '% %' and string_to_array(b_last_name, ' ') @> string_to_array(a_last_name, ' ')
            )
            then 4
        {{ name_levels("last_name", "last_sound", "last_trigrams") }}
    end)::smallint as last_name,
    (case
        when a_organization_name is null or b_organization_name is null then null
        when a_organization_name = b_organization_name then 6
        when
            replace(a_organization_name, ' ', '') = replace(b_organization_name, ' ', '')
            or levenshtein_less_equal(left(a_organization_name, 200), left(b_organization_name, 200), 1) <= 1
            or a_organization_name like '% %'
            and string_to_array(a_organization_name, ' ') <@ string_to_array(b_organization_name, ' ')
            or b_organization_name like '% %'
            and string_to_array(b_organization_name, ' ') <@ string_to_array(a_organization_name, ' ')
            then 5
        when
            (
                organization_likeness >= 0.4
                or word_similarity(a_organization_name, b_organization_name) >= 0.6
                or word_similarity(b_organization_name, a_organization_name) >= 0.6
            )
            -- Under one roof names are alike for another reason: those of two rooms of a hotel.
            and (
                (street_level = 3 and a_house_number = b_house_number or a_phone = b_phone) is not true
                or not {{ function("names_contradict") }}(a_organization_name, b_organization_name)
            )
            then case when organization_likeness >= 0.65 then 4 when organization_likeness >= 0.4 then 3 else 2 end
        when organization_likeness >= 0.2 then 1
        else 0
    end)::smallint as organization_name,
    (case
        when a_email is null or b_email is null then null
        when a_email = b_email then 4
        when {{ near("email", 2) }}
            then case
                when
                    not {{ is_name_shared }}
                    or regexp_replace(a_email, '[^0-9]', '', 'g') = regexp_replace(b_email, '[^0-9]', '', 'g')
                    then 3
            end
        -- Addresses are made from names: where a name is the same, another address that looks like it is another one.
        when a_email_name = b_email_name then case when not {{ is_name_shared }} then 2 end
        when not {{ is_name_shared }} and similarity(a_email, b_email) >= 0.5 then 1
        else 0
    end)::smallint as email,
    (case
        when a_phone is null or b_phone is null then null
        when a_phone = b_phone then 3
        when right(a_phone, 7) = right(b_phone, 7) or {{ near("phone", 1) }} then 2
        when left(a_phone, -4) = left(b_phone, -4) then 1
        else 0
    end)::smallint as phone,
    (case
        when birth_date_distance = 0 then 5
        when
            birth_date_distance = 1
            or starts_with(b_birth_date, left(a_birth_date, 4))
            and left(a_birth_date, 4) || right(a_birth_date, 2) || substr(a_birth_date, 5, 2) = b_birth_date
            then 4
        -- Two of the three parts are the same; month and day are looked at only where they can decide.
        when left(a_birth_date, 4) = left(b_birth_date, 4)
            then case
                when
                    (substr(a_birth_date, 5, 2) = substr(b_birth_date, 5, 2))
                    <> (right(a_birth_date, 2) = right(b_birth_date, 2))
                    then 3
                when birth_date_distance = 2 then 2
                else 1
            end
        when
            right(a_birth_date, 2) = right(b_birth_date, 2)
            and substr(a_birth_date, 5, 2) = substr(b_birth_date, 5, 2)
            then 3
        when birth_date_distance = 2 then 2
        when birth_date_distance is not null then 0
    end)::smallint as birth_date,
    (case
        when a_government_id is null or b_government_id is null then null
        when a_government_id = b_government_id then 3
        when {{ near("government_id", 1) }} then 2
        when {{ near("government_id", 2) }} then 1
        else 0
    end)::smallint as government_id,
    (case
        when street_level = 3 and a_house_number = b_house_number and coalesce(place_level, 1) > 0 then 12
        when street_level = 2 and a_house_number = b_house_number and coalesce(place_level, 1) > 0 then 11
        when street_level = 3 and a_house_number = b_house_number then 10
        when
            street_level = 3
            and (a_house_number is null or b_house_number is null)
            and coalesce(place_level, 1) > 0
            then 9
        when street_level = 3 and {{ near("house_number", 1) }} and coalesce(place_level, 1) > 0 then 8
        when street_level = 1 and a_house_number = b_house_number and place_level > 1 then 8
        when street_level = 3 and coalesce(place_level, 1) > 0 then 7
        when street_level = 2 and coalesce(place_level, 1) > 0 then 6
        when place_level >= 4 then 5
        when place_level = 3 then 4
        when place_level = 2 then 3
        when street_level > 0 then 2
        when place_level = 1 then 1
        when street_level is null and place_level is null then null
        else 0
    end)::smallint as address
from (
    select
        *,
        -- One of the two names may have a typo as well.
        coalesce(
            a_first_name <> b_first_name
            and a_last_name <> b_last_name
            and (
                a_first_name = b_last_name and levenshtein_less_equal(a_last_name, b_first_name, 2) <= 2
                or a_last_name = b_first_name and levenshtein_less_equal(a_first_name, b_last_name, 2) <= 2
            ),
            false
        ) as is_swapped,
        coalesce(a_first_name = b_first_name, false) or coalesce(a_last_name = b_last_name, false) as is_name_shared,
        similarity(a_organization_name, b_organization_name) as organization_likeness,
        case
            when a_birth_date = b_birth_date then 0
            else levenshtein_less_equal(a_birth_date, b_birth_date, 2)
        end as birth_date_distance,
        case
            when a_street_key is null or b_street_key is null then null
            when a_street_key = b_street_key then 3
            when
                least(length(a_street_key), length(b_street_key)) > 4 and {{ near("street_key", 2) }}
                or least(length(a_street_key), length(b_street_key)) > 3
                and (starts_with(a_street_key, b_street_key) or starts_with(b_street_key, a_street_key))
                or a_street_words <@ b_street_words
                or b_street_words <@ a_street_words
                then 2
            when similarity(a_street, b_street) >= 0.5 then 1
            else 0
        end as street_level,
        case
            when
                coalesce(a_postal_code, a_city) is null
                or coalesce(b_postal_code, b_city) is null
                or coalesce(a_postal_code, b_city) is null
                or coalesce(a_city, b_postal_code) is null
                then null
            when a_postal_code = b_postal_code and a_city = b_city then 5
            when a_postal_code = b_postal_code then 4
            when a_city = b_city then 3
            when
                {{ near("postal_code", 1) }}
                or {{ near("city", 2) }}
                or {{ trigrams_alike("city", "city_trigrams", 0.4) }}
                then 2
            when a_state = b_state then 1
            else 0
        end as place_level
    from (
        select
            pairs.record_no_a,
            pairs.record_no_b,
            a.tenant_id,
            a.kind,
            {%- for column in compared %}
            a.{{ column }} as a_{{ column }},
            b.{{ column }} as b_{{ column }},
            {%- endfor %}
            nicknames.name_a is not null as is_nickname
        from {{ pairs }} as pairs
        inner join {{ ref("int_match_features") }} as a on a.record_no = pairs.record_no_a
        inner join {{ ref("int_match_features") }} as b on b.record_no = pairs.record_no_b
        left join
            (
                select nickname as name_a, name as name_b from {{ ref("nicknames") }}
                union
                select name, nickname from {{ ref("nicknames") }}
            ) as nicknames
            on nicknames.name_a = a.first_name and nicknames.name_b = b.first_name
    ) as joined
    {{ computed_once() }}
) as facts
{% endmacro %}
