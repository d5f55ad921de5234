-- How many pairs of the customer's records contradict one another in their names: it may be two people.
select count(*)
from {intermediate}.int_contradicting_names
where record_no_a = any(%(record_nos)s) and record_no_b = any(%(record_nos)s)
