-- The row that the next build makes of an arrival that is a customer's only record. See the model customers.
declare
    said {{ ref('stg_intake__arrivals') }}%rowtype;
    golden jsonb;
    new_id uuid;
begin
    select arrivals.* into said from {{ ref('stg_intake__arrivals') }} as arrivals where arrivals.source_id = entry;
    if said.problems is not null then
        raise invalid_parameter_value using
            message = 'The arrival cannot be taken: '
                || (select string_agg((p ->> 'column') || ' ' || (p ->> 'reason'), '; ') from jsonb_array_elements(said.problems) as p)
                || '.',
            hint = 'Send the arguments as plain text, or leave them out.';
    end if;
    new_id := md5(concat_ws(chr(31), 'customer360', said.tenant_id, said.system, said.entity, said.source_id))::uuid;
    select
        jsonb_strip_nulls(jsonb_build_object(
            'name', case
                when said.customer_type = 'individual'
                    then coalesce({{ name_in_order("said.full_name") }}, said.organization_name)
                else coalesce(said.organization_name, said.full_name)
            end,
            'organization_name', said.organization_name,
            'customer_type', said.customer_type,
            'primary_phone', case when verdict.phone is null then said.phone end,
            'shared_phone', case when verdict.phone = 'shared' then said.phone end,
            'further_phone', case when verdict.second_phone is null then said.second_phone end,
            'whatsapp_number', case when verdict.whatsapp is null then said.whatsapp_number end,
            'primary_email', case
                when verdict.email is null
                    or (verdict.email = 'role' and not exists (
                        select from {{ function('intake_matches') }}(said.tenant_id, 'email', said.email, null) as others
                        where others.record_no <> number
                    )) then said.email
            end,
            'address', {{ address_value("said") }},
            'notes', said.notes,
            'created_by', said.created_by
        ))
    into golden
    from (
        select
            max(given.verdict) filter (where given.kind = 'phone' and given.value = said.phone) as phone,
            max(given.verdict) filter (where given.kind = 'phone' and given.value = said.second_phone) as second_phone,
            max(given.verdict) filter (where given.kind = 'phone' and given.value = said.whatsapp_number) as whatsapp,
            max(given.verdict) filter (where given.kind = 'email' and given.value = said.email) as email
        from unnest(kinds, numbers, verdicts) as given (kind, value, verdict)
    ) as verdict;

    insert into {{ ref('customers') }} (
        customer_id, tenant_id, customer_type, name, display_name, primary_phone, secondary_phone, whatsapp_number,
        primary_email, address_line1, city, state, postal_code, country, organization_name, status, preferred_language,
        timezone, notes, tags, total_appointments, total_conversations, record_count, source_systems, source, anchor_no,
        provenance, created_at, updated_at, created_by
    )
    values (
        new_id,
        said.tenant_id,
        coalesce(golden ->> 'customer_type', '{{ var("systems").intake.default_customer_type }}'),
        coalesce(
            golden ->> 'name', golden ->> 'primary_email', golden ->> 'primary_phone', golden ->> 'whatsapp_number',
            golden ->> 'shared_phone', 'Unnamed'
        ),
        left(golden ->> 'name', 255),
        case when not exists (
            select from {{ ref('customers') }} as holders
            where holders.tenant_id = said.tenant_id and holders.primary_phone = golden ->> 'primary_phone'
        ) then golden ->> 'primary_phone' end,
        coalesce(nullif(golden ->> 'further_phone', golden ->> 'primary_phone'), golden ->> 'shared_phone'),
        golden ->> 'whatsapp_number',
        case when not exists (
            select from {{ ref('customers') }} as holders
            where holders.tenant_id = said.tenant_id and holders.primary_email = golden ->> 'primary_email'
        ) then golden ->> 'primary_email' end,
        said.address_line1,
        said.city,
        said.state,
        said.postal_code,
        said.country,
        golden ->> 'organization_name',
        'active',
        '{{ var("systems").intake.default_language }}',
        '{{ var("systems").intake.default_timezone }}',
        golden ->> 'notes',
        '[]',
        0,
        0,
        1,
        array['intake'],
        'intake',
        number,
        coalesce((select jsonb_object_agg(given.attribute, number) from jsonb_object_keys(golden) as given (attribute)), '{}'),
        said.created_at,
        now(),
        said.created_by
    );
    return new_id;
end
