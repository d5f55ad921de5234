-- What block_customer and activate_customer have in common.
declare
    tenant text := {{ function('api_tenant') }}(asked_tenant);
    customer {{ ref('customers') }}%rowtype := {{ function('api_customer') }}(tenant, any_customer_id);
begin
    perform {{ function('intake_lock') }}(tenant, array['customer ' || customer.customer_id]);
    customer := {{ function('api_customer') }}(tenant, any_customer_id);
    if customer.status = new_status then
        raise sqlstate 'PT409' using
            message = format('The customer is %s already.', new_status),
            hint = case new_status
                when 'blocked' then 'Nothing is to be done; activate_customer lets it in again.'
                else 'Nothing is to be done; block_customer shuts it out.'
            end;
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
        new_status,
        case when new_note is not null then {{ function('clean_text') }}(concat_ws(' ', customer.notes, new_note)) end,
        {{ function('check_argument') }}('created_by', said_by, 255)
    );
    return {{ function('api_customer') }}(tenant, customer.customer_id);
end
