-- Grain: one row per kind, attribute and comparison level of the model that scores: what it says for a match, in bits.
select
    kind,
    attribute,
    level,
    level = max(level) over (partition by kind, attribute) as is_same_value,
    round(log(2, (m / u)::numeric), 2)::double precision as bits
from {seeds}.match_weights
where model_version = %(model_version)s and class_no = 0 and m > 0 and u > 0
order by kind desc, max(log(2, (m / u)::numeric)) over (partition by kind, attribute) desc, attribute, level
