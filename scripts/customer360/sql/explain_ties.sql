-- Grain: one row per edge between two records of the anchor, in the order in which edges are taken (the macro
-- strongest_first): what scores say comes after every identifier.
select
    edges.record_no_a,
    edges.record_no_b,
    edges.rule,
    edges.value
from {intermediate}.int_clusters as b
inner join {intermediate}.int_edges as edges on edges.record_no_b = b.record_no
inner join {intermediate}.int_clusters as a on a.record_no = edges.record_no_a
where b.anchor_no = %(anchor_no)s and a.anchor_no = %(anchor_no)s
order by
    edges.rule = 'score',
    edges.weight desc,
    edges.record_no_b,
    edges.record_no_a,
    edges.rule,
    edges.value collate "C"
