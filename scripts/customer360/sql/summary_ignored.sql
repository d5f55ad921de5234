-- Grain: one row per verdict on identifiers that link nobody.
select
    verdict,
    count(*) as identifiers,
    sum(records)::bigint as records
from {intermediate}.int_ignored_identifiers
group by verdict
order by verdict
