-- What a database keeps of the phone functions' answers, each with the statement that brings it up to a new plan:
-- indexes, generated columns and materialized views, by way of functions and views between them too. A function
-- whose body is text, as in PL/pgSQL, depends on the functions that it mentions.
with recursive dependent (classid, objid) as (
    select
        'pg_proc'::regclass::oid,
        oid
    from pg_proc
    where
        pronamespace = to_regnamespace('c360_functions')
        and proname in ('phone_blocks', 'phone_block_labels', 'phone_prefixes', 'phone_prefix_rules',
            'phone_region_keys', 'phone_ascii')

    union

    select found.classid, found.objid
    from dependent as known
    cross join lateral (
        select d.classid, d.objid
        from pg_depend as d
        where
            (d.refclassid, d.refobjid) = (known.classid, known.objid) and d.deptype in ('n', 'a')
            and (
                d.classid in ('pg_proc'::regclass, 'pg_rewrite'::regclass, 'pg_attrdef'::regclass)
                or d.classid = 'pg_class'::regclass and known.classid = 'pg_proc'::regclass
            )

        union all

        select 'pg_class'::regclass, ev_class
        from pg_rewrite
        where known.classid = 'pg_rewrite'::regclass and oid = known.objid

        union all

        select 'pg_proc'::regclass, caller.oid
        from pg_proc as called
        inner join pg_proc as caller on caller.prosqlbody is null and caller.prosrc ~ ('\m' || called.proname || '\M')
        where known.classid = 'pg_proc'::regclass and called.oid = known.objid
            and caller.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    ) as found
)

select format('reindex index concurrently %s;', c.oid::regclass) as statement
from dependent
inner join pg_class as c on dependent.classid = 'pg_class'::regclass and c.oid = dependent.objid and c.relkind = 'i'

union

select format('refresh materialized view %s;', c.oid::regclass)
from dependent
inner join pg_class as c on dependent.classid = 'pg_class'::regclass and c.oid = dependent.objid and c.relkind = 'm'

union

select format(
    'update %1$s set %2$I = default where %2$I is distinct from %3$s;',
    a.attrelid::regclass, a.attname, pg_get_expr(d.adbin, d.adrelid)
)
from dependent
inner join pg_attrdef as d on dependent.classid = 'pg_attrdef'::regclass and d.oid = dependent.objid
inner join pg_attribute as a on a.attrelid = d.adrelid and a.attnum = d.adnum and a.attgenerated = 's'
order by statement
