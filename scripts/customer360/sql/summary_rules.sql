-- Grain: one row per rule: the ties that it made between two records.
select
    rule,
    count(*) as ties
from {intermediate}.int_edges
group by rule
order by ties desc, rule
