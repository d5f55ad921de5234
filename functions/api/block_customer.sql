select changed.*
from {{ function('change_status') }}(
    block_customer.tenant_id,
    block_customer.customer_id,
    'blocked',
    'Blocked' || coalesce(': ' || {{ function('check_argument') }}('reason', block_customer.reason, 2000), '') || '.',
    block_customer.created_by
) as changed
