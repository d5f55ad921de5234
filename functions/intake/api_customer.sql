-- The row behind an id that a customer has or had. An id of another tenant is as good as none.
declare
    found_row {{ ref('customers') }}%rowtype;
begin
    select customers.*
    into found_row
    from {{ ref('customers') }} as customers
    where
        customers.customer_id = {{ function('current_customer_id') }}(any_customer_id)
        and customers.tenant_id = in_tenant
        and customers.status <> 'erased';
    if not found then
        raise sqlstate 'PT404' using
            message = 'There is no customer ' || coalesce(any_customer_id::text, 'NULL') || ' in this tenant.',
            hint = 'Find the customer with find_by_phone or search_customers.';
    end if;
    return found_row;
end
