-- Grain: one row per live record of an identified cluster, as an event: when it was, by the registry, and what its
-- legacy row says of it now. A table that this run cannot read leaves its events without details. Each legacy row is
-- found by its table's own key, so one customer's events are index lookups; who takes no details reads no table.
{{ config(materialized="view") }}

{%- set tables = event_tables() %}

select
    anchors.customer_id,
    clusters.record_no,
    clusters.tenant_id,
    clusters.system,
    clusters.entity,
    clusters.source_id,
    coalesce(records.event_at, records.created_at) as occurred_at,
    case (clusters.system || '.' || clusters.entity)
        {%- for name, event in event_details().items() %}
        when '{{ name }}' then '{{ event.kind }}'
        {%- endfor %}
        else clusters.entity
    end as kind,
    records.is_event,
    {%- for detail in ["title", "status", "channel", "branch"] %}
    {{ event_detail(tables, detail) }} as {{ detail }},
    {%- endfor %}
    {{ event_detail(tables, "amount", "numeric") }} as amount,
    upper(nullif(btrim({{ event_detail(tables, "currency") }}), '')) as currency,
    coalesce(
        {%- for table in tables.values() if table.counted %}
        case when {{ table.counted.replace("{row}", table.alias) }} then {{ table.alias }}.{{ table.amount }}::numeric end,
        {%- endfor %}
        null::numeric
    ) as counted_amount
from {{ ref("int_records") }} as anchors
inner join {{ ref("int_clusters") }} as clusters on clusters.anchor_no = anchors.record_no
inner join {{ ref("int_records") }} as records on records.record_no = clusters.record_no
{%- for table in tables.values() %}
{{ table.join }}
{%- endfor %}
where clusters.is_identified
