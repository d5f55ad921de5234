{#- SQL text: the condition on `customers` for the filters that are given, with their values as parameters: $1 tenant,
    $2 type, $3 status, $4 city, $5 state, $6 organisation. A plan is made for the filters that count, so that it can use
    their index. function_name: the API function whose arguments they are. -#}
{% macro customer_filters(function_name) -%}
concat_ws(
    ' and ',
    'customers.tenant_id = $1',
    case when {{ function_name }}.customer_type is not null then 'customers.customer_type = $2' end,
    case when {{ function_name }}.status is null then 'customers.status not in (''merged'', ''erased'')' else 'customers.status = $3' end,
    case when {{ function_name }}.city is not null then 'customers.city = $4' end,
    case when {{ function_name }}.state is not null then 'customers.state = $5' end,
    case when {{ function_name }}.organization_id is not null then 'customers.organization_id = $6' end
)
{%- endmacro %}
