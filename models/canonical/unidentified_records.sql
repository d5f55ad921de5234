-- Grain: one row per live record that no customer holds yet, because nobody near it has a name or a contact.
{{ config(materialized="view", contract={"enforced": false}) }}

select
    records.tenant_id,
    records.system,
    records.entity,
    records.source_id,
    records.customer_reference,
    case
        when records.customer_reference is null then 'it names no customer'
        else 'the customer that it names is not there'
    end as reason,
    records.record_no
from {{ ref("int_clusters") }} as clusters
inner join {{ ref("int_records") }} as records on records.record_no = clusters.record_no
where clusters.is_live and not clusters.is_identified
