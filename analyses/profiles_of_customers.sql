-- Which profile of the shop is the customer's, and by which WhatsApp number is it known? For an administration that
-- shows both, and for those who looked customers up by wa_id.
select
    customers.customer_id,
    customers.name,
    profiles.source_id::uuid as profile_id,
    records.whatsapp_number
from {{ ref("customer_profiles") }} as profiles
inner join {{ ref("customers") }} as customers on customers.customer_id = profiles.customer_id
inner join {{ ref("int_records") }} as records on records.record_no = profiles.record_no
order by customers.customer_id, profile_id
