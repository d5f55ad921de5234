-- The erasure that took a record with this key, if any; without a tenant, whichever tenant's it was.
select erasures.erasure_id, erasures.certificate
from {ops}.erasure_secret as secret
cross join (
    select %(tenant)s::text as tenant_id where %(tenant)s::text is not null
    union
    select tenant_id from {canonical}.customers where status = 'erased' and %(tenant)s::text is null
) as tenants
inner join {ops}.erased_records as erased
    on erased.key_hash = {functions}.erasure_hash(
        secret.salt, concat_ws(chr(31), %(system)s::text, %(entity)s::text, tenants.tenant_id, %(source_id)s::text)
    )
inner join {ops}.erasures as erasures using (erasure_id)
where erased.system = %(system)s and erased.entity = %(entity)s
limit 1
