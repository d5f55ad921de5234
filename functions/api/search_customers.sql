-- Names are found by their words: as they are, else by the spellings nearest to them, else by some of them. Only the best
-- of a few hundred candidates are ranked, so that a common name costs no more than a rare one.
#variable_conflict use_column
declare
    tenant text := {{ function('api_tenant') }}(search_customers.tenant_id);
    asked text := {{ function('fold_accents') }}({{ function('check_argument') }}('name', search_customers.name, 200));
    words text[] := ({{ function('search_words') }}(asked))[:8];
    spellings text[];  -- one word's spellings, joined by a space
    condition text := 'true';
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
        select customers.customer_id
        from {{ ref('customers') }} as customers
        where
            {{ function('search_words') }}(customers.name) @> words
            and customers.tenant_id = tenant
            and customers.status not in ('merged', 'erased')
        limit 200
    );
    if cardinality(found) < search_customers.max_results then
        spellings := array(
            select coalesce(
                (
                    select string_agg(near.word, ' ')
                    from (
                        select known.word
                        from {{ ref('int_name_words') }} as known
                        where known.word operator({{ extension_schema('pg_trgm') }}.%) asked_word.word
                        order by
                            {{ extension_schema('pg_trgm') }}.similarity(known.word, asked_word.word) desc, known.word collate "C"
                        limit 6
                    ) as near
                ),
                ''
            ) || ' ' || asked_word.word
            from unnest(words) with ordinality as asked_word (word, place)
            order by asked_word.place
        );
        select string_agg(
            format('{{ function("search_words") }}(customers.name) && string_to_array($2[%s], '' '')', place), ' and '
        )
        into condition
        from generate_subscripts(spellings, 1) as place;
        execute format(
            $query$
            select array(
                select customers.customer_id
                from {{ ref('customers') }} as customers
                where %s and customers.tenant_id = $1 and customers.status not in ('merged', 'erased')
                limit 200
            )
            $query$,
            condition
        )
        into found
        using tenant, spellings;
    end if;
    if cardinality(found) = 0 and cardinality(words) > 1 then
        found := array(
            select customers.customer_id
            from {{ ref('customers') }} as customers
            where
                {{ function('search_words') }}(customers.name) && string_to_array(array_to_string(spellings, ' '), ' ')
                and customers.tenant_id = tenant
                and customers.status not in ('merged', 'erased')
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
