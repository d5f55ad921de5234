-- Whether an identity is one of a tenant's. It asks as its owner: whoever writes a row may not be able to read the
-- register. The schema is closed to them, so that only policies can ask.
create or replace function {function}(identity {type}, tenant text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp
as $body$
    select exists (select from {register} as r where r.{key} = identity and r.{tenant}::text is not distinct from tenant)
$body$;
