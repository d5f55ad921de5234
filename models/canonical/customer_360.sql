-- Grain: one row per customer that has records: its golden record, what it did in each legacy system, and when
-- it was last in contact there. A lookup of one customer reads that customer's records only.
{{ config(materialized="view", contract={"enforced": false}) }}

select
    customers.*,
    activity.*
from {{ ref("customers") }} as customers
cross join lateral (
    select
        {%- for system, settings in var("systems").items() %}
        {%- for entity in settings.entities %}
        count(*) filter (where records.system = '{{ system }}' and records.entity = '{{ entity }}')
            as {{ system }}_{{ entity }},
        {%- endfor %}
        max(coalesce(records.event_at, records.created_at))
            filter (where records.system = '{{ system }}' and records.is_event) as {{ system }}_last_contact_at
        {{- "," if not loop.last }}
        {%- endfor %}
    from {{ ref("int_clusters") }} as clusters
    inner join {{ ref("int_records") }} as records on records.record_no = clusters.record_no
    where clusters.anchor_no = customers.anchor_no and clusters.is_identified
) as activity
where customers.record_count > 0
