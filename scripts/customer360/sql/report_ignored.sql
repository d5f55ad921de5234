-- Grain: one row per verdict and kind of the identifiers that link nobody.
select
    verdict,
    kind,
    count(*) as identifiers,
    sum(records)::bigint as records
from {intermediate}.int_ignored_identifiers
group by verdict, kind
order by records desc, verdict, kind
