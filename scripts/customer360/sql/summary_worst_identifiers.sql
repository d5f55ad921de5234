-- Grain: one row per ignored identifier, those that most records carry first.
select
    kind,
    value,
    verdict,
    reason,
    records
from {intermediate}.int_ignored_identifiers
order by records desc, kind, value
limit 5
