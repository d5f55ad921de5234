-- Grain: one row per doubt and rule: the pairs of records that a person should look at.
select
    doubt,
    rule,
    count(*) as pairs
from {canonical}.review_pairs
group by doubt, rule
order by pairs desc, doubt, rule
