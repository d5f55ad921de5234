-- Grain: one row per column of a table about whose values the planner's statistics quote something.
select columns.attname::text as name, format_type(columns.atttypid, columns.atttypmod) as type
from pg_attribute as columns
inner join pg_stats as statistics
    on
        statistics.attname = columns.attname
        and statistics.schemaname = %(schema)s
        and statistics.tablename = %(table)s
where columns.attrelid = to_regclass(format('%%I.%%I', %(schema)s::text, %(table)s::text))
order by columns.attnum
