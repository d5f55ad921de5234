-- Grain: one row per customer that this run writes anew: the touched clusters; the customers that share a phone or an
-- email with them, for it is the primary one of the oldest only; and the former customers that lead to them. Empty on
-- a full run, which writes them all.
{%- set customers = before_this_run(target.schema, "customers", {
    "anchor_no": "bigint", "tenant_id": "text", "primary_phone": "text", "primary_email": "text",
}) %}
{%- if execute and is_full_run() %}
select anchor_no
from {{ ref("int_golden_records") }}
where false
{%- else %}
with touched as (
    select distinct anchor_no from {{ ref("int_touched_clusters") }}
),

-- What the touched have now, and what they had before.
contacts as (
    select
        golden.tenant_id,
        golden.primary_phone,
        golden.primary_email
    from touched
    inner join {{ ref("int_golden_records") }} as golden using (anchor_no)

    union

    select
        customers.tenant_id,
        customers.primary_phone,
        customers.primary_email
    from touched
    inner join {{ customers }} as customers using (anchor_no)
)

select anchor_no from touched

union

select golden.anchor_no
from contacts
inner join {{ ref("int_golden_records") }} as golden
    on golden.tenant_id = contacts.tenant_id and golden.primary_phone = contacts.primary_phone

union

select golden.anchor_no
from contacts
inner join {{ ref("int_golden_records") }} as golden
    on golden.tenant_id = contacts.tenant_id and golden.primary_email = contacts.primary_email

union

select customers.anchor_no
from touched
inner join {{ ref("int_clusters") }} as clusters using (anchor_no)
inner join {{ customers }} as customers on customers.anchor_no = clusters.record_no
{%- endif %}
