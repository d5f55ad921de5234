#variable_conflict use_column
declare
    tenant text := {{ function('api_tenant') }}(update_contact.tenant_id);
    customer {{ ref('customers') }}%rowtype
        := {{ function('api_customer') }}(tenant, update_contact.customer_id);
    region text := coalesce(
        {{ function('country_code') }}({{ function('check_argument') }}('country', update_contact.country, 100)),
        customer.country,
        '{{ var("systems").intake.default_region }}'
    );
    new_phone text := {{ function('read_phone') }}('phone', update_contact.phone, region);
    new_whatsapp text := {{ function('read_phone') }}('whatsapp_number', update_contact.whatsapp_number, region);
    new_email text := {{ function('read_email') }}(update_contact.email);
    identifier record;
begin
    if num_nonnulls(new_phone, new_whatsapp, new_email) = 0 then
        raise invalid_parameter_value using
            message = 'No contact to update is given.',
            hint = 'Send at least one of phone, whatsapp_number and email.';
    end if;
    perform {{ function('intake_lock') }}(
        tenant,
        array[
            'customer ' || customer.customer_id, 'phone ' || new_phone, 'phone ' || new_whatsapp, 'email ' || new_email
        ]
    );
    customer := {{ function('api_customer') }}(tenant, update_contact.customer_id);
    if customer.record_count = 0 then
        raise sqlstate 'PT409' using
            message = 'The customer has no records left, so nothing can be added to it.',
            hint = 'Take the customer in anew with find_or_create_customer.';
    end if;
    for identifier in
        select given.*, {{ function('identifier_verdict') }}(tenant, given.kind, given.value, null) as verdict
        from (
            values ('phone', 'phone', new_phone), ('whatsapp_number', 'phone', new_whatsapp), ('email', 'email', new_email)
        ) as given (argument, kind, value)
        where given.value is not null
    loop
        if identifier.verdict <> 'role' then
            raise invalid_parameter_value using
                message = format('The argument %s is nobody''s own: %s.', identifier.argument, identifier.verdict),
                hint = 'Send a contact that is the customer''s alone.';
        elsif exists (
            select from {{ function('intake_matches') }}(tenant, identifier.kind, identifier.value, customer.name) as others
            where others.customer_id <> customer.customer_id
        ) or exists (
            select from {{ ref('customers') }} as others
            where
                others.tenant_id = tenant
                and others.customer_id <> customer.customer_id
                and (others.primary_phone = identifier.value or others.primary_email = identifier.value)
        ) then
            raise unique_violation using
                message = format('A customer with this %s already exists.', identifier.argument),
                hint = 'If both are one person, link them: c360 link.';
        end if;
    end loop;
    if (coalesce(new_phone, customer.primary_phone), coalesce(new_whatsapp, customer.whatsapp_number),
            coalesce(new_email, customer.primary_email))
        is distinct from (customer.primary_phone, customer.whatsapp_number, customer.primary_email) then
        perform {{ function('intake_update') }}(
            customer,
            new_phone,
            new_whatsapp,
            new_email,
            null,
            null,
            {{ function('check_argument') }}('created_by', update_contact.created_by, 255)
        );
    end if;
    return {{ function('api_customer') }}(tenant, customer.customer_id);
end
