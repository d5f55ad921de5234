-- Grain: one row per record of the labelled sample that `c360 evaluate` loaded, normalised as staging does it.
{{ config(enabled=var("match_sample", none) is not none, materialized="view") }}

select
    record_no,
    'sample' as tenant_id,
    kind,
    {{ function("clean_name") }}(first_name) as first_name,
    {{ function("clean_name") }}(last_name) as last_name,
    {{ function("clean_name") }}(full_name) as full_name,
    {{ function("clean_name") }}(organization_name) as organization_name,
    {{ function("clean_text") }}(phone) as phone,
    coalesce({{ function("normalize_email") }}(email), lower({{ function("clean_text") }}(email))) as email,
    {{ function("clean_text") }}(birth_date) as birth_date,
    {{ function("clean_text") }}(government_id) as government_id,
    street,
    {{ function("clean_text") }}(house_number) as house_number,
    {{ function("clean_name") }}(city) as city,
    {{ function("clean_text") }}(state) as state,
    {{ function("clean_text") }}(postal_code) as postal_code,
    {{ function("clean_text") }}(country) as country
from {{ var("match_sample", "") }}.records
