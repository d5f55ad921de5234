-- Grain: one row per customer, ever. A customer whose anchor is no longer one keeps its row: 'merged' where its
-- records went to another customer (see customer_redirects), 'inactive' where none is left. Either gives up its
-- contacts, which belong to whoever has them now. A phone or email is the primary one of a single customer, the
-- oldest; that matters only where the seed identifier_rules keeps phones or emails from linking. What `c360 erase` left
-- of a customer stays 'erased'.
-- depends_on: {{ ref("int_touched_customers") }}
-- depends_on: {{ function("search_words") }} (an index is on it)
{{ config(post_hook="{{ settle_intake() }}") }}

{%- set is_partial = not is_full_run() %}
{#- Grouped by and compared with the worklist's column, of which the planner knows that it names each customer once: it
    expects as many rows as come, and looks them up instead of reading the whole table. #}
{%- set anchor_no = "touched.anchor_no" if is_partial else "clusters.anchor_no" %}

with activity as (
    select
        {{ anchor_no }},
        count(*)::integer as record_count,
        array_agg(distinct records.system order by records.system) as source_systems,
        count(*) filter (where records.system = 'booking' and records.entity = 'appointments')::integer
            as total_appointments,
        count(*) filter (where records.system = 'booking' and records.entity = 'omni_conversations')::integer
            as total_conversations,
        max(coalesce(records.event_at, records.created_at)) filter (where records.is_event) as last_contact_at,
        min(records.created_at) as created_at
    from {{ ref("int_clusters") }} as clusters
    {%- if is_partial %}
    inner join {{ ref("int_touched_customers") }} as touched on touched.anchor_no = clusters.anchor_no
    {%- endif %}
    inner join {{ ref("int_records") }} as records on records.record_no = clusters.record_no
    where clusters.is_identified
    group by {{ anchor_no }}
),

live as (
    select
        anchors.customer_id,
        anchors.tenant_id,
        coalesce(golden.customer_type, {{ system_default("anchors.system", "default_customer_type") }})
            as customer_type,
        coalesce(
            golden.name, golden.primary_email, golden.primary_phone, golden.whatsapp_number, golden.shared_phone, 'Unnamed'
        ) as name,
        left(golden.name, 255) as display_name,
        golden.first_name,
        golden.last_name,
        case
            when not exists (
                select from {{ ref("int_golden_records") }} as older
                where
                    older.tenant_id = golden.tenant_id
                    and older.primary_phone = golden.primary_phone
                    and older.anchor_no < golden.anchor_no
            ) then golden.primary_phone
        end as primary_phone,
        coalesce(
            golden.second_phone, nullif(golden.further_phone, golden.primary_phone), golden.shared_phone
        ) as secondary_phone,
        golden.whatsapp_number,
        case
            when not exists (
                select from {{ ref("int_golden_records") }} as older
                where
                    older.tenant_id = golden.tenant_id
                    and older.primary_email = golden.primary_email
                    and older.anchor_no < golden.anchor_no
            ) then golden.primary_email
        end as primary_email,
        golden.address ->> 'address_line1' as address_line1,
        golden.address ->> 'address_line2' as address_line2,
        golden.address ->> 'city' as city,
        golden.address ->> 'state' as state,
        golden.address ->> 'postal_code' as postal_code,
        golden.address ->> 'country' as country,
        golden.organization_id,
        golden.organization_name,
        golden.registration_number,
        golden.tax_id,
        golden.website,
        coalesce(golden.status, 'active') as status,
        golden.tier,
        coalesce(golden.preferred_language, {{ system_default("anchors.system", "default_language") }})
            as preferred_language,
        coalesce(golden.timezone, {{ system_default("anchors.system", "default_timezone") }}) as timezone,
        golden.preferred_contact_method,
        golden.notes,
        coalesce(golden.tags, '[]'::jsonb) as tags,
        activity.total_appointments,
        activity.total_conversations,
        activity.last_contact_at,
        activity.record_count,
        activity.source_systems,
        anchors.system as source,
        anchors.record_no as anchor_no,
        coalesce(golden.provenance, '{}'::jsonb) as provenance,
        activity.created_at,
        coalesce(golden.created_by, 'migration') as created_by
    from activity
    inner join {{ ref("int_records") }} as anchors on anchors.record_no = activity.anchor_no
    left join {{ ref("int_golden_records") }} as golden on golden.anchor_no = activity.anchor_no
),

retired as (
    select
        {%- for column in upsert_selected_columns({"touched": {"updated_at": none}}) %}
        {%- if column in ["primary_phone", "secondary_phone", "whatsapp_number", "primary_email"] %}
        null::text as {{ column }}
        {%- elif column in ["record_count", "total_appointments", "total_conversations"] %}
        0 as {{ column }}
        {%- elif column == "status" %}
        case
            when former.status = 'erased' then 'erased'
            when exists (
                select from {{ ref("int_clusters") }} as heirs
                where heirs.anchor_no = clusters.anchor_no and heirs.is_identified
            ) then 'merged'
            else 'inactive'
        end as status
        {%- else %}
        former.{{ column }}
        {%- endif -%}
        {{ "," if not loop.last }}
        {%- endfor %}
    from {{ this }} as former
    {%- if is_partial %}
    inner join {{ ref("int_touched_customers") }} as touched on touched.anchor_no = former.anchor_no
    {%- endif %}
    left join {{ ref("int_clusters") }} as clusters on clusters.record_no = former.anchor_no
    where
        -- Made by live intake since the registry was read: the next build knows it.
        exists (
            select from {{ ref("int_records") }} as registered
            where registered.record_no = former.anchor_no
        )
        and not exists (
            select from activity
            where activity.anchor_no = {{ "touched" if is_partial else "former" }}.anchor_no
        )
)

select * from live
union all
select * from retired
