{#- SQL: what each record of an identified cluster says of its customer, before anything is chosen; one row per (record,
    attribute). A shared number is kept apart, and a placeholder is left out.
    within: the worklist of clusters with all their records that an incremental run reads instead of `int_clusters`.
        Limited from outside, PostgreSQL could push that down as an array only, of which the planner expects ten. -#}
{% macro given_values(within=none) %}
{%- set attributes = golden_attributes().keys() %}
{#- While dbt parses, this tells it that the model depends on both. -#}
{%- set clusters = ref("int_clusters") %}
{%- set worklist = ref(within) if within else none %}

with members as (
    select
        clusters.anchor_no,
        records.*,
        records.system || '.' || records.entity as source,
        phones.verdict as phone_verdict,
        second_phones.verdict as second_phone_verdict,
        whatsapps.verdict as whatsapp_verdict,
        emails.verdict as email_verdict
    from {{ worklist if within and not is_full_run() else clusters }} as clusters
    inner join {{ ref("int_records") }} as records on records.record_no = clusters.record_no
    left join {{ ref("int_ignored_identifiers") }} as phones
        on phones.tenant_id = records.tenant_id and phones.kind = 'phone' and phones.value = records.phone
    left join {{ ref("int_ignored_identifiers") }} as second_phones
        on
            second_phones.tenant_id = records.tenant_id and second_phones.kind = 'phone'
            and second_phones.value = records.second_phone
    left join {{ ref("int_ignored_identifiers") }} as whatsapps
        on
            whatsapps.tenant_id = records.tenant_id and whatsapps.kind = 'phone'
            and whatsapps.value = records.whatsapp_number
    left join {{ ref("int_ignored_identifiers") }} as emails
        on emails.tenant_id = records.tenant_id and emails.kind = 'email' and emails.value = records.email
    where
        clusters.is_identified
        -- An order or a request says nothing of its own, and such records are half of all.
        and num_nonnulls({{ quoted_list(golden_columns(), "records") }}) > 0
),

said as (
    select
        members.anchor_no,
        members.record_no,
        members.source,
        members.updated_at,
        case
            when members.customer_type = 'individual'
                then coalesce({{ name_in_order("members.full_name") }}, members.organization_name)
            else coalesce(members.organization_name, members.full_name)
        end as name,
        members.first_name,
        members.last_name,
        members.organization_name,
        members.customer_type,
        case when members.phone_verdict is null then members.phone end as primary_phone,
        case when members.phone_verdict = 'shared' then members.phone end as shared_phone,
        case when members.second_phone_verdict is null then members.second_phone end as further_phone,
        case when members.whatsapp_verdict is null then members.whatsapp_number end as whatsapp_number,
        -- The mailbox of a role links nobody, yet it is the address of an organisation that alone uses it.
        case
            when members.email_verdict is null then members.email
            when members.email_verdict = 'role' and not exists (
                select from {{ ref("int_identifiers") }} as identifiers
                inner join {{ ref("int_clusters") }} as users on users.record_no = identifiers.record_no
                where
                    identifiers.tenant_id = members.tenant_id
                    and identifiers.kind = 'email'
                    and identifiers.value = members.email
                    and users.anchor_no <> members.anchor_no
            ) then members.email
        end as primary_email,
        {{ address_value("members") }} as address,
        members.organization_id::text as organization_id,
        members.registration_number,
        members.tax_id,
        members.website,
        members.status,
        members.tier,
        members.preferred_language,
        members.timezone,
        members.preferred_contact_method,
        nullif(members.tags, '[]')::text as tags,
        members.notes,
        members.created_by
    from members
),

-- Two arrays side by side: a VALUES list would be prepared anew for each record.
given as (
    select
        anchor_no,
        record_no,
        source,
        updated_at,
        unnest(array['{{ attributes | join("', '") }}']) as attribute,
        unnest(array[{{ quoted_list(attributes) }}]) as value
    from said
)

select *
from given
where value is not null
{% endmacro %}
