select changed.*
from {{ function('change_status') }}(
    activate_customer.tenant_id, activate_customer.customer_id, 'active', null, activate_customer.created_by
) as changed
