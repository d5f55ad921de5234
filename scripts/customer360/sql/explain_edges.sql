-- Grain: one row per edge that is asked for, in the order asked, with all that is known of it: who decided it, whether
-- the names behind it contradict one another, whether and why it was refused.
select
    edges.record_no_a,
    edges.record_no_b,
    edges.rule,
    edges.value,
    edges.weight,
    edges.model_version,
    a.anchor_no = b.anchor_no as is_accepted,
    refused.reason as refused_because,
    contradicting.name_a || ' / ' || contradicting.name_b as contradicting_names,
    decisions.reason as decided_because,
    decisions.decided_by,
    made.decided_at
from
    unnest(%(record_nos_b)s::bigint[], %(rules)s::text[], %(values)s::text[])
    with ordinality as asked (record_no_b, rule, value, place)
inner join {intermediate}.int_edges as edges using (record_no_b, rule, value)
inner join {intermediate}.int_clusters as a on a.record_no = edges.record_no_a
inner join {intermediate}.int_clusters as b on b.record_no = edges.record_no_b
left join {intermediate}.int_refused_edges as refused using (record_no_b, rule, value)
left join {intermediate}.int_contradicting_names as contradicting using (record_no_b, rule, value)
left join {intermediate}.int_overrides as decisions on edges.rule = 'override' and decisions.override = edges.value
left join {ops}.match_overrides as made
    on edges.rule = 'override' and made.override_id = substring(edges.value from '^c360_ops (\d+)$')::bigint
order by asked.place
