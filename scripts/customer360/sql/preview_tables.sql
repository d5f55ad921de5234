-- Grain: one row per table that a build goes on from: what it keeps, and the logs.
select
    schemas.nspname::text as schema_name,
    relations.relname::text as table_name,
    (
        select attributes.attname::text
        from pg_attribute as attributes
        where attributes.attrelid = relations.oid and attributes.attidentity <> '' and not attributes.attisdropped
    ) as identity_column
from pg_class as relations
inner join pg_namespace as schemas on schemas.oid = relations.relnamespace
where
    schemas.nspname = any(%(schemas)s)
    and relations.relkind = 'r'
    -- What is made anew in every run needs no copy, and neither do the link tables.
    and (relations.relpersistence = 'p' or schemas.nspname = %(ops)s)
    and (schemas.nspname <> %(canonical)s or relations.relname in ('customers', 'customer_redirects'))
order by 1, 2
