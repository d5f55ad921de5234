{#- The values of the filters of `customer_filters`, in the order of their numbers. -#}
{% macro customer_filter_values(function_name) -%}
tenant,
        {{ function('check_argument') }}('customer_type', {{ function_name }}.customer_type, 50),
        {{ function('check_argument') }}('status', {{ function_name }}.status, 50),
        {{ function('clean_name') }}({{ function('check_argument') }}('city', {{ function_name }}.city, 100)),
        {{ function('clean_name') }}({{ function('check_argument') }}('state', {{ function_name }}.state, 100)),
        {{ function_name }}.organization_id
{%- endmacro %}
