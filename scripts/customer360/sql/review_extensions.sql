-- The schema in which pg_trgm stands.
select schemas.nspname::text
from pg_extension as extensions
inner join pg_namespace as schemas on schemas.oid = extensions.extnamespace
where extensions.extname = 'pg_trgm'
