-- Grain: one row per attribute of the customer: its golden value, where it comes from, and what lost.
select
    attribute,
    value,
    rule,
    records,
    system || '.' || entity || ':' || source_id as record,
    losing_values
from {canonical}.customer_attributes
where customer_id = %(customer_id)s
order by attribute
