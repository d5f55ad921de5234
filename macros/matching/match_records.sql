{#- The records to match, with the standard attributes: those of the registry, or a labelled sample that stands in
    for it (var match_sample, set by `c360 evaluate`). `c360 train` reads the registry from another schema
    (match_registry). None where `score_pairs` is off. -#}
{% macro match_records() %}
{%- if var("match_sample", none) -%}
select * from {{ ref("int_sample_records") }}
{%- else -%}
{%- set registry = var("match_registry", none) %}
{%- set ignored = adapter.quote(registry) ~ ".int_ignored_identifiers" if registry else ref("int_ignored_identifiers") %}
select
    records.record_no,
    records.tenant_id,
    kinds.kind,
    records.first_name,
    records.last_name,
    records.full_name,
    coalesce(records.organization_name, records.full_name) as organization_name,
    coalesce(
        case when phones.verdict is null then records.phone end,
        case when whatsapp_numbers.verdict is null then records.whatsapp_number end
    ) as phone,
    case
        when emails.verdict is null or (emails.verdict = 'role' and kinds.kind = 'organization') then records.email
    end as email,
    null::text as birth_date,
    coalesce(records.tax_id, records.registration_number) as government_id,
    records.address_line1 as street,
    null::text as house_number,
    records.city,
    records.state,
    records.postal_code,
    records.country
from {{ adapter.quote(registry) ~ ".int_records" if registry else ref("int_records") }} as records
{%- for name, kind, column in [
    ("phones", "phone", "phone"), ("whatsapp_numbers", "phone", "whatsapp_number"), ("emails", "email", "email")
] %}
left join {{ ignored }} as {{ name }}
    on {{ name }}.tenant_id = records.tenant_id and {{ name }}.kind = '{{ kind }}' and {{ name }}.value = records.{{ column }}
{%- endfor %}
cross join
    lateral (
        select
            case
                when {{ function("is_organization_name") }}(records.full_name) then 'organization'
                when records.organization_name is null then 'person'
                when coalesce(records.full_name, records.first_name, records.last_name) is null then 'organization'
                when coalesce(records.customer_type, 'individual') <> 'individual' then 'organization'
                else 'person'
            end
    ) as kinds (kind)
where
    {{ "true" if var("score_pairs") else "false" }}
    and records.record_status = 'live'
    and {{ "true" if registry else touched("records.record_no", "int_touched_features") }}
    and num_nonnulls(
        records.full_name, records.first_name, records.last_name, records.organization_name,
        records.phone, records.whatsapp_number, records.email
    ) > 0
{%- endif -%}
{% endmacro %}
