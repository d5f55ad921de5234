-- Grain: one row per test of the project: what it said when it last ran.
select
    test,
    kind,
    meaning,
    status,
    failures,
    checked_at
from {ops}.test_results
order by status = 'pass', kind, test
