-- Grain: one row per (customer, erasure): live records that carry an identifier which only an erased customer had. Who
-- comes back is a new customer; somebody has to see that it was meant so.
{{ config(materialized="view", contract={"enforced": false}) }}

select
    identifiers.tenant_id,
    clusters.anchor_no,
    case when bool_or(clusters.is_identified) then clusters.customer_id end as customer_id,
    erasures.erasure_id,
    erasures.erased_at,
    array_agg(distinct identifiers.kind) as kinds,
    count(distinct identifiers.record_no) as records
from {{ ref("int_clusters") }} as clusters
inner join {{ ref("int_identifiers") }} as identifiers on identifiers.record_no = clusters.record_no
cross join {{ operations_table("erasure_secret") }} as secret
inner join {{ operations_table("erased_identifiers") }} as erased
    on
        erased.kind = identifiers.kind
        and erased.value_hash = {{ function("erasure_hash") }}(
            secret.salt, concat_ws(chr(31), identifiers.tenant_id, identifiers.kind, identifiers.value)
        )
inner join {{ operations_table("erasures") }} as erasures on erasures.erasure_id = erased.erasure_id
-- Asked once, before anything is read: most registers have erased nobody.
where exists (select from {{ operations_table("erased_identifiers") }})
group by identifiers.tenant_id, clusters.anchor_no, clusters.customer_id, erasures.erasure_id, erasures.erased_at
