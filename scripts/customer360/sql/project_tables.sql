-- Grain: one row per table in which this project keeps something: its models, and the tables for operations. Tables that
-- others put beside them are not among them. Columns are given as an object by name.
select
    schemas.nspname::text as schema,
    relations.relname::text as name,
    relations.relpersistence = 'u' as is_made_anew,
    jsonb_object_agg(
        columns.attname,
        jsonb_build_object(
            'type', columns.atttypid::regtype::text,
            'required', columns.attnotnull
        )
    ) as columns
from pg_class as relations
inner join pg_namespace as schemas on schemas.oid = relations.relnamespace
inner join pg_attribute as columns
    on columns.attrelid = relations.oid and columns.attnum > 0 and not columns.attisdropped
where
    relations.relkind = 'r'
    and (
        schemas.nspname = any(%(operations)s)
        or (schemas.nspname = any(%(schemas)s) and relations.relname = any(%(models)s))
    )
group by schemas.nspname, relations.relname, relations.relpersistence
order by 1, 2
