select found_customer.*
from {{ function('api_customer') }}({{ function('api_tenant') }}(get_customer.tenant_id), get_customer.customer_id)
    as found_customer
