-- The tables of the target, by name.
select
    schemas.nspname::text as schema_name,
    relations.relname::text as relation_name
from pg_class as relations
inner join pg_namespace as schemas on schemas.oid = relations.relnamespace
where
    schemas.nspname = any(%(schemas)s)
    and relations.relkind in ('r', 'p', 'v', 'm')
order by 1, 2
