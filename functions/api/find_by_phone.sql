#variable_conflict use_column
declare
    tenant text := {{ function('api_tenant') }}(find_by_phone.tenant_id);
    number text := {{ function('read_phone') }}(
        'phone',
        find_by_phone.phone,
        coalesce(
            {{ function('country_code') }}({{ function('check_argument') }}('country', find_by_phone.country, 100)),
            '{{ var("systems").intake.default_region }}'
        )
    );
begin
    if number is null then
        raise invalid_parameter_value using
            message = 'The argument phone is missing.',
            hint = 'Send a phone number with its country code (+91 …), or say the country.';
    end if;
    return query
    select customers.*
    from (
        select clusters.customer_id
        from (
            select identifiers.record_no
            from {{ ref('int_identifiers') }} as identifiers
            where identifiers.tenant_id = tenant and identifiers.kind = 'phone' and identifiers.value = number
            limit 1000
        ) as carriers
        inner join {{ ref('int_clusters') }} as clusters on clusters.record_no = carriers.record_no and clusters.is_live
        union
        select {{ function('current_customer_id') }}(pending.customer_id)
        from {{ operations_table('intake_pending') }} as pending
        where pending.tenant_id = tenant and pending.kind = 'phone' and pending.value = number
    ) as holders
    inner join {{ ref('customers') }} as customers on customers.customer_id = holders.customer_id
    order by customers.primary_phone is not distinct from number desc, customers.anchor_no
    limit 100;
end
