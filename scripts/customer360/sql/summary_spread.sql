-- Grain: one row per number of systems that a customer is known in.
select
    cardinality(customers.source_systems) as systems,
    count(*) as customers
from {canonical}.customers as customers
inner join {intermediate}.int_clusters as current_anchors
    on current_anchors.record_no = customers.anchor_no
    and current_anchors.anchor_no = customers.anchor_no
    and current_anchors.is_live
    and current_anchors.is_identified
group by cardinality(customers.source_systems)
order by systems
