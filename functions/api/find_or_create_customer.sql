#variable_conflict use_column
declare
    tenant text := {{ function('api_tenant') }}(find_or_create_customer.tenant_id);
    region text := coalesce(
        {{ function('country_code') }}({{ function('check_argument') }}('country', find_or_create_customer.country, 100)),
        '{{ var("systems").intake.default_region }}'
    );
    own_phone text := {{ function('read_phone') }}('phone', find_or_create_customer.phone, region);
    own_whatsapp text := {{ function('read_phone') }}('whatsapp_number', find_or_create_customer.whatsapp_number, region);
    own_email text := {{ function('read_email') }}(find_or_create_customer.email);
    own_name text := coalesce(
        {{ function('person_name') }}(
            {{ function('check_argument') }}('full_name', find_or_create_customer.full_name, 500)
        ),
        {{ function('clean_name') }}(
            {{ function('check_argument') }}('organization_name', find_or_create_customer.organization_name, 500)
        )
    );
    own_group text := {{ function('name_group') }}(own_name);
    kinds text[];
    numbers text[];  -- the identifiers' values, in the order of kinds
    verdicts text[];
    answer uuid;
    says_nothing_new boolean;
    entry text;
    number bigint;
begin
    if num_nonnulls(own_phone, own_whatsapp, own_email) = 0 then
        raise invalid_parameter_value using
            message = 'A customer is known by a phone, a WhatsApp number or an email, and none is given.',
            hint = 'Send at least one of phone, whatsapp_number and email.';
    elsif find_or_create_customer.customer_type
        not in ('individual', 'hospital', 'clinic', 'lab', 'manufacturer', 'dealer') then
        raise invalid_parameter_value using
            message = 'The argument customer_type has no such value.',
            hint = 'It is one of individual, hospital, clinic, lab, manufacturer and dealer.';
    end if;
    select array_agg(given.kind), array_agg(given.value)
    into kinds, numbers
    from (
        select 'phone' as kind, own_phone as value
        union select 'phone', {{ function('second_phone') }}(find_or_create_customer.phone, region)
        union select 'phone', own_whatsapp
        union select 'email', own_email
    ) as given
    where given.value is not null;
    perform {{ function('intake_lock') }}(
        tenant, array(select given.kind || ' ' || given.value from unnest(kinds, numbers) as given (kind, value))
    );
    verdicts := array(
        select {{ function('identifier_verdict') }}(tenant, given.kind, given.value, own_group)
        from unnest(kinds, numbers) with ordinality as given (kind, value, place)
        order by given.place
    );

    with linking as (
        select given.kind, given.value
        from unnest(kinds, numbers, verdicts) as given (kind, value, verdict)
        where given.verdict is null
    ),

    matches as materialized (
        select matches.*
        from linking
        cross join {{ function('intake_matches') }}(tenant, linking.kind, linking.value, own_name) as matches
    ),

    oldest as (
        select matches.customer_id from matches order by matches.anchor_no limit 1
    )

    select
        oldest.customer_id,
        exists (
            select from matches
            where matches.customer_id = oldest.customer_id and (own_group is null or matches.name_group = own_group)
            group by matches.record_no
            having count(*) = (select count(*) from linking)
        )
    into answer, says_nothing_new
    from oldest;

    if says_nothing_new is not true then
        entry := gen_random_uuid()::text;
        number := nextval(pg_get_serial_sequence('{{ ref("int_records").include(database=false) }}', 'record_no'));
        insert into {{ operations_table('intake_arrivals') }} (
            entry_id, record_no, tenant_id, full_name, organization_name, customer_type, phone, whatsapp_number, email,
            address_line1, city, state, postal_code, country, notes, created_by
        )
        values (
            entry,
            number,
            tenant,
            find_or_create_customer.full_name,
            find_or_create_customer.organization_name,
            find_or_create_customer.customer_type,
            find_or_create_customer.phone,
            find_or_create_customer.whatsapp_number,
            find_or_create_customer.email,
            {{ function('check_argument') }}('address_line1', find_or_create_customer.address_line1, 500),
            {{ function('check_argument') }}('city', find_or_create_customer.city, 100),
            {{ function('check_argument') }}('state', find_or_create_customer.state, 100),
            {{ function('check_argument') }}('postal_code', find_or_create_customer.postal_code, 20),
            find_or_create_customer.country,
            {{ function('check_argument') }}('notes', find_or_create_customer.notes, 10000),
            coalesce({{ function('check_argument') }}('created_by', find_or_create_customer.created_by, 255), 'intake')
        );
        insert into {{ operations_table('intake_pending') }} (
            entity, entry_id, kind, value, tenant_id, record_no, customer_id, name, name_group
        )
        select
            'arrivals',
            entry,
            given.kind,
            given.value,
            tenant,
            number,
            coalesce(
                answer, md5(concat_ws(chr(31), 'customer360', tenant, 'intake', 'arrivals', entry))::uuid
            ),
            own_name,
            own_group
        from unnest(kinds || 'reference'::text, numbers || ('intake.arrivals:' || entry)) as given (kind, value);
    end if;
    if answer is null then
        answer := {{ function('create_customer') }}(entry, number, kinds, numbers, verdicts);
        is_new := true;
    end if;
    return query
    select customers.customer_id, coalesce(is_new, false), customers.name, customers.status
    from {{ ref('customers') }} as customers
    where customers.customer_id = answer;
end
