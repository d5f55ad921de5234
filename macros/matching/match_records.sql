{#- The records to match, with the standard attributes: those of the registry, or a labelled sample that stands in
    for it (var match_sample, set by `c360 evaluate`). `c360 train` reads the registry from another schema
    (match_registry). None where `score_pairs` is off. -#}
{% macro match_records() %}
{%- if var("match_sample", none) -%}
select * from {{ ref("int_sample_records") }}
{%- else -%}
select
    record_no,
    tenant_id,
    case
        when coalesce(customer_type, 'individual') <> 'individual' then 'organization'
        when coalesce(full_name, first_name, last_name) is null and organization_name is not null then 'organization'
        else 'person'
    end as kind,
    first_name,
    last_name,
    full_name,
    coalesce(organization_name, full_name) as organization_name,
    coalesce(phone, whatsapp_number) as phone,
    email,
    null::text as birth_date,
    coalesce(tax_id, registration_number) as government_id,
    address_line1 as street,
    null::text as house_number,
    city,
    state,
    postal_code,
    country
from {{ adapter.quote(var("match_registry")) ~ ".int_records" if var("match_registry", none) else ref("int_records") }}
where
    {{ "true" if var("score_pairs") else "false" }}
    and record_status = 'live'
    and {{ touched("record_no", "changed_records") }}
    and coalesce(full_name, first_name, last_name, organization_name, phone, whatsapp_number, email) is not null
{%- endif -%}
{% endmacro %}
