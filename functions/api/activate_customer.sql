#variable_conflict use_column
declare
    tenant text := {{ function('api_tenant') }}(activate_customer.tenant_id);
    customer {{ ref('customers') }}%rowtype
        := {{ function('api_customer') }}(tenant, activate_customer.customer_id);
begin
    perform {{ function('intake_lock') }}(tenant, array['customer ' || customer.customer_id]);
    customer := {{ function('api_customer') }}(tenant, activate_customer.customer_id);
    if customer.status = 'active' then
        raise sqlstate 'PT409' using
            message = 'The customer is active already.',
            hint = 'Nothing is to be done; block_customer shuts it out.';
    elsif customer.record_count = 0 then
        raise sqlstate 'PT409' using
            message = 'The customer has no records left, so it has no status to change.',
            hint = 'Take the customer in anew with find_or_create_customer.';
    end if;
    perform {{ function('intake_update') }}(
        customer,
        null,
        null,
        null,
        'active',
        null,
        {{ function('check_argument') }}('created_by', activate_customer.created_by, 255)
    );
    return {{ function('api_customer') }}(tenant, customer.customer_id);
end
