-- Grain: one row per customer of the shop: the profile that takes its place (legacy plan 003). Where the
-- customer has a profile already, the oldest with its WhatsApp number, or else the oldest; where it has none,
-- the id that its profile is to be created with, which is its own.
with shop as (
    select
        clusters.anchor_no,
        records.record_no,
        records.tenant_id,
        records.entity,
        records.source_id,
        records.phone
    from {{ ref("int_records") }} as records
    inner join {{ ref("int_clusters") }} as clusters on clusters.record_no = records.record_no
    where
        clusters.system = 'commerce'
        and clusters.entity in ('customers', 'profiles')
        and clusters.is_live
        and {{ touched("clusters.anchor_no", "int_touched_clusters") }}
),

matched as (
    select distinct on (shop_customers.record_no)
        shop_customers.record_no,
        shop_customers.source_id::uuid as customer_id,
        shop_customers.tenant_id,
        profiles.source_id::uuid as existing_profile_id
    from shop as shop_customers
    left join shop as profiles
        on profiles.anchor_no = shop_customers.anchor_no and profiles.entity = 'profiles'
    where shop_customers.entity = 'customers'
    order by
        shop_customers.record_no asc,
        (profiles.phone = shop_customers.phone) desc nulls last,
        profiles.record_no asc
)

select
    customer_id,
    tenant_id,
    record_no,
    coalesce(existing_profile_id, customer_id) as profile_id,
    existing_profile_id is not null as profile_exists
from matched
