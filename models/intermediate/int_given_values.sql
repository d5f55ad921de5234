-- Grain: one row per (record, attribute): what each record of an identified cluster says of its customer, before
-- anything is chosen. A shared number is kept apart, and a placeholder is left out.
{{ config(materialized="ephemeral") }}

with members as (
    select
        clusters.anchor_no,
        records.*,
        records.system || '.' || records.entity as source,
        phones.verdict as phone_verdict,
        second_phones.verdict as second_phone_verdict,
        whatsapps.verdict as whatsapp_verdict,
        emails.verdict as email_verdict
    from {{ ref("int_clusters") }} as clusters
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
)

select
    members.anchor_no,
    members.record_no,
    members.source,
    members.updated_at,
    attributes.attribute,
    attributes.value
from members
cross join
    lateral (
        values
        (
            'name',
            case
                when members.customer_type = 'individual'
                    then coalesce({{ name_in_order("members.full_name") }}, members.organization_name)
                else coalesce(members.organization_name, members.full_name)
            end
        ),
        ('first_name', members.first_name),
        ('last_name', members.last_name),
        ('organization_name', members.organization_name),
        ('customer_type', members.customer_type),
        ('primary_phone', case when members.phone_verdict is null then members.phone end),
        ('shared_phone', case when members.phone_verdict = 'shared' then members.phone end),
        ('further_phone', case when members.second_phone_verdict is null then members.second_phone end),
        ('whatsapp_number', case when members.whatsapp_verdict is null then members.whatsapp_number end),
        (
            'primary_email',
            -- The mailbox of a role links nobody, yet it is the address of an organisation that alone uses it.
            case
                when members.email_verdict is null then members.email
                when members.email_verdict = 'role'
                    then (
                        select members.email
                        from {{ ref("int_identifiers") }} as identifiers
                        inner join {{ ref("int_clusters") }} as users on users.record_no = identifiers.record_no
                        where
                            identifiers.tenant_id = members.tenant_id
                            and identifiers.kind = 'email'
                            and identifiers.value = members.email
                        having count(distinct users.anchor_no) = 1
                    )
            end
        ),
        ('address', {{ address_value("members") }}),
        ('organization_id', members.organization_id::text),
        ('registration_number', members.registration_number),
        ('tax_id', members.tax_id),
        ('website', members.website),
        ('status', members.status),
        ('tier', members.tier),
        ('preferred_language', members.preferred_language),
        ('timezone', members.timezone),
        ('preferred_contact_method', members.preferred_contact_method),
        ('tags', nullif(members.tags, '[]')::text),
        ('notes', members.notes),
        ('created_by', members.created_by)
    ) as attributes (attribute, value)
where attributes.value is not null
