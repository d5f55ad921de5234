-- Grain: one row per (record, kind, value): what a live record can be recognised by. A decision to link two records
-- is an identifier that the two share.
{{ config(
    materialized="upsert",
    unlogged=false,
    unique_key=["record_no", "kind", "value"],
    contract={"enforced": true},
    meta={
        "upsert": {
            "within": {"columns": ["record_no"], "worklist": "changed_records"},
            "log": [{
                "into": "changed_identifiers",
                "columns": {"tenant_id": "tenant_id", "kind": "kind", "value": "value"}
            }]
        },
        "indexes": [{"name": "int_identifiers_value_kind_idx", "columns": "value, kind, tenant_id, record_no"}]
    }
) }}

with given as (
    select
        records.record_no,
        records.tenant_id,
        identifiers.kind,
        identifiers.value
    from {{ ref("int_records") }} as records
    cross join
        lateral (
            values
            ('reference', records.own_reference),
            ('reference', records.customer_reference),
            ('phone', records.phone),
            ('phone', records.second_phone),
            ('phone', records.whatsapp_number),
            ('email', records.email),
            ('tax_id', records.tax_id),
            ('registration_number', records.registration_number)
        ) as identifiers (kind, value)
    where records.record_status = 'live' and {{ touched("records.record_no", "changed_records") }}

    union all

    select
        unnest(array[record_no_a, record_no_b]) as record_no,
        tenant_id,
        'override' as kind,
        override as value
    from {{ ref("int_overrides") }}
    where decision = 'link' and num_nulls(record_no_a, record_no_b) = 0
)

select distinct
    record_no,
    tenant_id,
    kind,
    value
from given
where value is not null and {{ touched("record_no", "changed_records") }}
