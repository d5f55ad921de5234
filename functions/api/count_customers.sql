#variable_conflict use_column
declare
    tenant text := {{ function('api_tenant') }}(count_customers.tenant_id);
    found bigint;
begin
    execute format(
        'select count(*) from {{ ref("customers") }} as customers where %s',
        {{ customer_filters("count_customers") | indent(8) }}
    )
    into found
    using
        {{ customer_filter_values("count_customers") }};
    return found;
end
