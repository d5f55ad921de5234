-- Pages by key: the id of the last customer of a page asks for the next, so a late page costs no more than the first.
#variable_conflict use_column
declare
    tenant text := {{ function('api_tenant') }}(list_customers.tenant_id);
begin
    if list_customers.page_size not between 1 and 1000 then
        raise invalid_parameter_value using
            message = 'The argument page_size is out of range.',
            hint = 'Ask for 1 to 1000 customers, and for the next page with after_customer_id.';
    end if;
    return query execute format(
        $query$
        select customers.*
        from {{ ref('customers') }} as customers
        where %s %s
        order by customers.tenant_id, customers.customer_id
        limit $8
        $query$,
        {{ customer_filters("list_customers") | indent(8) }},
        case when list_customers.after_customer_id is not null then 'and customers.customer_id > $7' end
    )
    using
        {{ customer_filter_values("list_customers") }},
        list_customers.after_customer_id,
        list_customers.page_size;
end
