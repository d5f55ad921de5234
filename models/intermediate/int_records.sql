-- Grain: one row per source record ever seen. The registry: a record keeps its number (its place in the
-- first-seen order) and the customer id that it gives as an anchor for good. Only what changed is read and
-- normalised; a record that left its table stays as 'deleted', without its personal data.
-- depends_on: {{ ref("int_former_contacts") }} (which reads what is about to be overwritten)
{{ config(
    materialized="upsert",
    unlogged=false,
    unique_key=["tenant_id", "system", "entity", "source_id"],
    contract={"enforced": true},
    meta={
        "upsert": {
            "scope": "changes",
            "worklist": "int_record_changes",
            "identity": "record_no",
            "log": [
                {"into": "changed_records", "columns": {"record_no": "record_no"}},
                {
                    "into": "changed_names",
                    "columns": {"record_no": "record_no"},
                    "of": ["full_name", "organization_name"]
                }
            ],
            "order_by": "s.created_at nulls last, s.system collate \"C\", s.entity collate \"C\", s.source_id collate \"C\""
        },
        "indexes": [
            {"name": "int_records_record_no_key", "columns": "record_no", "unique": true},
            {"name": "int_records_customer_id_key", "columns": "customer_id", "unique": true},
            {
                "name": "int_records_present_idx",
                "columns": "system, entity",
                "where": "record_status <> 'deleted'"
            }
        ]
    },
    pre_hook="{{ register_intake() }}",
    post_hook="{{ confirm_source_scans() }}"
) }}

{%- set attributes = record_attributes() %}
{%- set scans = last_scans() %}

with changed_records as (
    {%- for staged in legacy_entities() %}
    select
        changes.tenant_id,
        changes.system,
        changes.entity,
        changes.source_id,
        changes.row_hash,
        changes.customer_id,
        staged.is_event,
        staged.problems,
        {{ quoted_list(attributes, "staged") }}
    from {{ ref(staged.model) }} as staged
    inner join {{ ref("int_record_changes") }} as changes
        on
            changes.system = '{{ staged.system }}'
            and changes.entity = '{{ staged.entity }}'
            and changes.tenant_id = staged.tenant_id
            and changes.source_id = staged.source_id
    where {{ written_since(scans.get(staged.model), "staged.row_xmin") }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    r.tenant_id,
    r.system,
    r.entity,
    r.source_id,
    case when r.problems is null then 'live' else 'quarantined' end as record_status,
    r.customer_id,
    r.row_hash,
    r.problems,
    r.is_event,
    {%- for column in attributes %}
    case when r.problems is null then r.{{ column }} end as {{ column }},
    {%- endfor %}
    case
        when r.problems is null
            then {{ function("name_group") }}(coalesce(r.full_name, r.organization_name))
    end as name_group
from changed_records as r

union all

select
    tenant_id,
    system,
    entity,
    source_id,
    'deleted' as record_status,
    customer_id,
    null as row_hash,
    null as problems,
    null as is_event,
    {%- for column in attributes %}
    null as {{ column }},
    {%- endfor %}
    null as name_group
from {{ ref("int_record_changes") }}
where is_gone
