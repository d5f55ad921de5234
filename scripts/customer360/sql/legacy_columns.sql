-- Grain: one row per column of a legacy table, in order: its type and length, whether it may be NULL, and whether a key,
-- a foreign key, a unique index or a check rests on it, and whether a row can be found by it.
select
    columns.attname::text as name,
    columns.atttypid::regtype::text as type,
    format_type(columns.atttypid, columns.atttypmod) as full_type,
    types.typcategory::text as category,
    columns.attnotnull as is_required,
    columns.attgenerated <> '' as is_generated,
    exists (
        select from pg_constraint as constraints
        where
            constraints.conrelid = columns.attrelid
            and constraints.contype in ('p', 'f', 'c', 'u')
            and columns.attnum = any(constraints.conkey)
    )
    or exists (
        select from pg_index as indexes
        where indexes.indrelid = columns.attrelid and indexes.indisunique and columns.attnum = any(indexes.indkey)
    ) as is_constrained,
    keys.rank as key_rank
from pg_attribute as columns
inner join pg_type as types on types.oid = columns.atttypid
left join lateral (
    select case when indexes.indisprimary then 1 else 2 end as rank
    from pg_index as indexes
    where
        indexes.indrelid = columns.attrelid
        and indexes.indisunique
        and indexes.indisvalid
        and indexes.indpred is null
        and indexes.indnkeyatts = 1
        and indexes.indkey[0] = columns.attnum
    order by indexes.indisprimary desc
    limit 1
) as keys on true
where columns.attrelid = to_regclass(%(relation)s) and columns.attnum > 0 and not columns.attisdropped
order by columns.attnum
