{#- The comparison vector of each pair in `pairs`: for each attribute the highest level that the two records reach,
    0 for disagreement, NULL where one of them has no value. What levels mean is in docs/matching.md.
    Place is part of the address: who lives in one street lives in one town, so it is no evidence of its own.
    OFFSET 0 keeps the planner from copying an expression to each of its uses. -#}
{% macro compared_pairs(pairs) %}
select
    pairs.record_no_a,
    pairs.record_no_b,
    pairs.tenant_id,
    pairs.kind,
    (case
        when names.is_swapped then 4
        when nicknames.name_a is not null and a.first_name <> b.first_name then 5
        {{ name_levels("first_name", "first_sound") }}
    end)::smallint as first_name,
    (case
        when a.middle_name is null or b.middle_name is null then null
        when a.middle_name = b.middle_name and length(a.middle_name) > 1 then 2
        when
            string_to_array(a.middle_name, ' ') && string_to_array(b.middle_name, ' ')
            or (length(a.middle_name) = 1 or length(b.middle_name) = 1)
            and left(a.middle_name, 1) = left(b.middle_name, 1)
            or least(length(a.middle_name), length(b.middle_name)) > 3 and {{ near("middle_name", 2) }}
            then 1
        else 0
    end)::smallint as middle_name,
    (case
        when names.is_swapped then null
        when
            a.last_name <> b.last_name
            and (
                a.last_name = any(string_to_array(b.middle_name, ' '))
                or b.last_name = any(string_to_array(a.middle_name, ' '))
            )
            then 4
        {{ name_levels("last_name", "last_sound") }}
    end)::smallint as last_name,
    (case
        when a.organization_name is null or b.organization_name is null then null
        when a.organization_name = b.organization_name then 6
        when organizations.is_part then 5
        when organizations.likeness >= 0.65 then 4
        when organizations.likeness >= 0.4 then 3
        when
            greatest(
                word_similarity(a.organization_name, b.organization_name),
                word_similarity(b.organization_name, a.organization_name)
            ) >= 0.6
            then 2
        when organizations.likeness >= 0.2 then 1
        else 0
    end)::smallint as organization_name,
    (case
        when a.email is null or b.email is null then null
        when a.email = b.email then 4
        when {{ near("email", 2) }}
            then case
                when
                    not names.is_shared
                    or regexp_replace(a.email, '[^0-9]', '', 'g') = regexp_replace(b.email, '[^0-9]', '', 'g')
                    then 3
            end
        -- Addresses are made from names: where a name is the same, another address that looks like it is another one.
        when a.email_name = b.email_name then case when not names.is_shared then 2 end
        when not names.is_shared and similarity(a.email, b.email) >= 0.5 then 1
        else 0
    end)::smallint as email,
    (case
        when a.phone is null or b.phone is null then null
        when a.phone = b.phone then 3
        when right(a.phone, 7) = right(b.phone, 7) or {{ near("phone", 1) }} then 2
        when left(a.phone, -4) = left(b.phone, -4) then 1
        else 0
    end)::smallint as phone,
    (case
        when a.birth_date is null or b.birth_date is null then null
        when a.birth_date = b.birth_date then 5
        when
            {{ near("birth_date", 1) }}
            or left(a.birth_date, 4) || right(a.birth_date, 2) || substr(a.birth_date, 5, 2) = b.birth_date
            then 4
        when
            (left(a.birth_date, 4) = left(b.birth_date, 4))::integer
            + (substr(a.birth_date, 5, 2) = substr(b.birth_date, 5, 2))::integer
            + (right(a.birth_date, 2) = right(b.birth_date, 2))::integer = 2
            then 3
        when {{ near("birth_date", 2) }} then 2
        when left(a.birth_date, 4) = left(b.birth_date, 4) then 1
        else 0
    end)::smallint as birth_date,
    (case
        when a.government_id is null or b.government_id is null then null
        when a.government_id = b.government_id then 3
        when {{ near("government_id", 1) }} then 2
        when {{ near("government_id", 2) }} then 1
        else 0
    end)::smallint as government_id,
    (case
        when streets.level = 3 and a.house_number = b.house_number and places.level > 0 then 12
        when streets.level = 2 and a.house_number = b.house_number and places.level > 0 then 11
        when streets.level = 3 and a.house_number = b.house_number then 10
        when streets.level = 3 and (a.house_number is null or b.house_number is null) and places.level > 0 then 9
        when streets.level = 3 and {{ near("house_number", 1) }} and places.level > 0 then 8
        when streets.level = 1 and a.house_number = b.house_number and places.level > 1 then 8
        when streets.level = 3 and places.level > 0 then 7
        when streets.level = 2 and places.level > 0 then 6
        when places.level >= 4 then 5
        when places.level = 3 then 4
        when places.level = 2 then 3
        when streets.level > 0 then 2
        when places.level = 1 then 1
        when streets.level is null and places.level is null then null
        else 0
    end)::smallint as address
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
cross join
    lateral (
        select
            similarity(a.organization_name, b.organization_name),
            replace(a.organization_name, ' ', '') = replace(b.organization_name, ' ', '')
            or levenshtein_less_equal(left(a.organization_name, 200), left(b.organization_name, 200), 1) <= 1
            or a.organization_name like '% %'
            and string_to_array(a.organization_name, ' ') <@ string_to_array(b.organization_name, ' ')
            or b.organization_name like '% %'
            and string_to_array(b.organization_name, ' ') <@ string_to_array(a.organization_name, ' ')
        limit null offset 0
    ) as organizations (likeness, is_part)
cross join
    lateral (
        select
            coalesce(a.first_name = b.last_name and a.last_name = b.first_name and a.first_name <> a.last_name, false),
            coalesce(a.first_name = b.first_name, false)
            or coalesce(a.last_name = b.last_name, false)
            or coalesce(organizations.likeness >= 0.4, false)
        limit null offset 0
    ) as names (is_swapped, is_shared)
cross join
    lateral (
        select
            case
                when a.street_key is null or b.street_key is null then null
                when a.street_key = b.street_key then 3
                when
                    least(length(a.street_key), length(b.street_key)) > 4 and {{ near("street_key", 2) }}
                    or least(length(a.street_key), length(b.street_key)) > 3
                    and (starts_with(a.street_key, b.street_key) or starts_with(b.street_key, a.street_key))
                    or a.street_words <@ b.street_words
                    or b.street_words <@ a.street_words
                    then 2
                when similarity(a.street, b.street) >= 0.5 then 1
                else 0
            end
        limit null offset 0
    ) as streets (level)
cross join
    lateral (
        select
            case
                when
                    coalesce(a.postal_code, a.city) is null
                    or coalesce(b.postal_code, b.city) is null
                    or coalesce(a.postal_code, b.city) is null
                    or coalesce(a.city, b.postal_code) is null
                    then case when streets.level > 0 then 1 end
                when a.postal_code = b.postal_code and a.city = b.city then 5
                when a.postal_code = b.postal_code then 4
                when a.city = b.city then 3
                when
                    {{ near("postal_code", 1) }}
                    or {{ near("city", 2) }}
                    or similarity(a.city, b.city) >= 0.4
                    then 2
                when a.state = b.state then 1
                else 0
            end
        limit null offset 0
    ) as places (level)
{% endmacro %}
