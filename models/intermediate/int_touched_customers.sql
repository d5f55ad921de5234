-- Grain: one row per customer that this run writes anew: the touched clusters; the customers that have a phone or an
-- email which those got or gave up, for it is the primary one of the oldest only; and the former customers that lead to
-- them. Empty on a full run, which writes them all.
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

-- What the touched have now and what they had before, where that differs: others may get it, or have to give it up.
contacts as (
    select distinct
        sides.tenant_id,
        sides.primary_phone,
        sides.primary_email
    from touched
    left join {{ ref("int_golden_records") }} as golden on golden.anchor_no = touched.anchor_no
    left join {{ customers }} as customers on customers.anchor_no = touched.anchor_no
    cross join
        lateral (
            values
            (golden.tenant_id, golden.primary_phone, golden.primary_email),
            (customers.tenant_id, customers.primary_phone, customers.primary_email)
        ) as sides (tenant_id, primary_phone, primary_email)
    where
        (golden.primary_phone, golden.primary_email)
        is distinct from (customers.primary_phone, customers.primary_email)
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
from {{ ref("int_touched_clusters") }} as members
inner join {{ customers }} as customers on customers.anchor_no = members.record_no
{%- endif %}
