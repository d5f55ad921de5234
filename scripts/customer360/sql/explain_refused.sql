-- Grain: one row per edge that ties a record of the anchor to one of another customer, and so was refused.
with neighbours as (
    select edges.record_no_a, edges.record_no_b, edges.rule, edges.value
    from {intermediate}.int_clusters as members
    inner join {intermediate}.int_edges as edges on edges.record_no_b = members.record_no
    where members.anchor_no = %(anchor_no)s

    union

    select edges.record_no_a, edges.record_no_b, edges.rule, edges.value
    from {intermediate}.int_clusters as members
    inner join {intermediate}.int_edges as edges on edges.record_no_a = members.record_no
    where members.anchor_no = %(anchor_no)s
)

select neighbours.*
from neighbours
inner join {intermediate}.int_clusters as a on a.record_no = neighbours.record_no_a
inner join {intermediate}.int_clusters as b on b.record_no = neighbours.record_no_b
where
    a.anchor_no <> b.anchor_no
    and (%(other_no)s::bigint is null or %(other_no)s in (a.anchor_no, b.anchor_no))
order by neighbours.record_no_b, neighbours.record_no_a, neighbours.rule, neighbours.value collate "C"
