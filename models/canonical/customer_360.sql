-- Grain: one row per customer that has records: its golden record, how it can be reached, what it did in each legacy
-- system and when, and what that was worth. A lookup of one customer reads that customer's records only.
{{ config(materialized="view", contract={"enforced": false}) }}

{%- set totals = {} %}
{%- for name, event in event_details().items() if event.total %}
{%- do totals.update({event.total: name}) %}
{%- endfor %}

select
    customers.*,
    array_remove(array[
        case when customers.primary_phone is not null or customers.secondary_phone is not null then 'phone' end,
        case when customers.whatsapp_number is not null then 'whatsapp' end,
        case when customers.primary_email is not null then 'email' end
    ], null) as contact_channels,
    customers.created_at as first_seen_at,
    activity.*,
    {%- for total in totals %}
    coalesce(amounts.{{ total }}, '{}'::jsonb) as {{ total }}{{ "," if not loop.last }}
    {%- endfor %}
from {{ ref("customers") }} as customers
cross join lateral (
    select
        max(coalesce(records.event_at, records.created_at)) as last_activity_at,
        {%- for system, settings in var("systems").items() %}
        {%- for entity in settings.entities %}
        {%- set is_entity %}records.system = '{{ system }}' and records.entity = '{{ entity }}'{% endset %}
        count(*) filter (where {{ is_entity }}) as {{ system }}_{{ entity }},
        min(coalesce(records.event_at, records.created_at)) filter (where {{ is_entity }})
            as {{ system }}_{{ entity }}_first_at,
        max(coalesce(records.event_at, records.created_at)) filter (where {{ is_entity }})
            as {{ system }}_{{ entity }}_last_at,
        {%- endfor %}
        max(coalesce(records.event_at, records.created_at))
            filter (where records.system = '{{ system }}' and records.is_event) as {{ system }}_last_contact_at
        {{- "," if not loop.last }}
        {%- endfor %}
    from {{ ref("int_clusters") }} as clusters
    inner join {{ ref("int_records") }} as records on records.record_no = clusters.record_no
    where clusters.anchor_no = customers.anchor_no and clusters.is_identified
) as activity
cross join lateral (
    select
        {%- for total, name in totals.items() %}
        jsonb_object_agg(sums.currency, sums.amount) filter (where sums.source = '{{ name }}') as {{ total }}
        {{- "," if not loop.last }}
        {%- endfor %}
    from (
        select
            events.system || '.' || events.entity as source,
            coalesce(events.currency, 'unknown') as currency,
            sum(events.counted_amount) as amount
        from {{ ref("int_events") }} as events
        where events.customer_id = customers.customer_id and events.counted_amount is not null
        group by 1, 2
    ) as sums
) as amounts
where customers.record_count > 0
