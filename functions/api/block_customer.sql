#variable_conflict use_column
declare
    tenant text := {{ function('api_tenant') }}(block_customer.tenant_id);
    customer {{ ref('customers') }}%rowtype
        := {{ function('api_customer') }}(tenant, block_customer.customer_id);
begin
    perform {{ function('intake_lock') }}(tenant, array['customer ' || customer.customer_id]);
    customer := {{ function('api_customer') }}(tenant, block_customer.customer_id);
    if customer.status = 'blocked' then
        raise sqlstate 'PT409' using
            message = 'The customer is blocked already.',
            hint = 'Nothing is to be done; activate_customer lets it in again.';
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
        'blocked',
        {{ function('clean_text') }}(concat_ws(
            ' ',
            customer.notes,
            'Blocked' || coalesce(': ' || {{ function('check_argument') }}('reason', block_customer.reason, 2000), '') || '.'
        )),
        {{ function('check_argument') }}('created_by', block_customer.created_by, 255)
    );
    return {{ function('api_customer') }}(tenant, customer.customer_id);
end
