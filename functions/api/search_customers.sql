-- Names are found by their words: as they are, else with the spellings nearest to words that no name has, else to all of
-- them, else by some of them. Only the best of a few hundred candidates are ranked, so that a common name costs no more
-- than a rare one. OFFSET 0 keeps the planner from reading a tenant's whole index beside that of the words.
#variable_conflict use_column
declare
    tenant text := {{ function('api_tenant') }}(search_customers.tenant_id);
    asked text := {{ function('fold_accents') }}({{ function('check_argument') }}('name', search_customers.name, 200));
    words text[] := ({{ function('search_words') }}(asked))[:8];
    spellings text[];  -- one word's spellings, joined by a space
    fewer_spellings text[];
    candidates text;
    near uuid[];
    found uuid[];
begin
    if words is null then
        raise invalid_parameter_value using
            message = 'The argument name has no letter or digit to search for.',
            hint = 'Send a part of the name, such as a family name.';
    elsif search_customers.max_results not between 1 and 100 then
        raise invalid_parameter_value using
            message = 'The argument max_results is out of range.',
            hint = 'Ask for 1 to 100 customers.';
    end if;
    found := array(
        select named.customer_id
        from (
            select customers.* from {{ ref('customers') }} as customers
            where {{ function('search_words') }}(customers.name) @> words
            offset 0
        ) as named
        where named.tenant_id = tenant and named.status not in ('merged', 'erased')
        limit 200
    );
    if cardinality(found) < search_customers.max_results then
        select
            array_agg(concat_ws(' ', near.words, asked_word.word) order by asked_word.place),
            array_agg(
                case when near.is_word then asked_word.word else concat_ws(' ', near.words, asked_word.word) end
                order by asked_word.place
            )
        into spellings, fewer_spellings
        from unnest(words) with ordinality as asked_word (word, place)
        cross join lateral (
            select
                string_agg(nearest.word, ' ') as words,
                bool_or(nearest.word = asked_word.word) as is_word
            from (
                select known.word
                from {{ ref('int_name_words') }} as known
                where known.word operator({{ extension_schema('pg_trgm') }}.%) asked_word.word
                order by
                    {{ extension_schema('pg_trgm') }}.similarity(known.word, asked_word.word) desc, known.word collate "C"
                limit 6
            ) as nearest
        ) as near;
        select format(
            $query$
            select array(
                select named.customer_id
                from (select customers.* from {{ ref('customers') }} as customers where %s offset 0) as named
                where named.tenant_id = $1 and named.status not in ('merged', 'erased')
                limit 200
            )
            $query$,
            string_agg(
                format('{{ function("search_words") }}(customers.name) && string_to_array($2[%s], '' '')', place), ' and '
            )
        )
        into candidates
        from generate_subscripts(words, 1) as place;
        if fewer_spellings not in (words, spellings) then
            execute candidates into near using tenant, fewer_spellings;
            found := array(select unnest(found) union select unnest(near));
        end if;
        if cardinality(found) < search_customers.max_results then
            execute candidates into near using tenant, spellings;
            found := found || near;
        end if;
    end if;
    if cardinality(found) = 0 and cardinality(words) > 1 then
        found := array(
            select named.customer_id
            from (
                select customers.* from {{ ref('customers') }} as customers
                where {{ function('search_words') }}(customers.name) && string_to_array(array_to_string(spellings, ' '), ' ')
                offset 0
            ) as named
            where named.tenant_id = tenant and named.status not in ('merged', 'erased')
            limit 200
        );
    end if;
    return query
    select customers.*
    from {{ ref('customers') }} as customers
    where customers.customer_id = any (found)
    order by
        {{ extension_schema('pg_trgm') }}.similarity({{ function('fold_accents') }}(customers.name), asked) desc,
        customers.record_count desc,
        customers.anchor_no
    limit search_customers.max_results;
end
