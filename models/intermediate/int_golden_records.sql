-- Grain: one row per identified cluster: its golden values side by side, and for each the record it came from.
{{ config(
    materialized="upsert",
    unlogged=false,
    unique_key="anchor_no",
    contract={"enforced": true},
    meta={
        "upsert": {"within": {"columns": ["anchor_no"], "worklist": "int_touched_clusters"}},
        "indexes": [
            {"name": "int_golden_records_phone_idx", "columns": "tenant_id, primary_phone"},
            {"name": "int_golden_records_email_idx", "columns": "tenant_id, primary_email"}
        ]
    }
) }}

with golden as (
    select
        anchor_no,
        {%- for attribute, data_type in golden_attributes().items() %}
        (max(value) filter (where attribute = '{{ attribute }}' and place = 1))::{{ data_type }} as {{ attribute }},
        {%- endfor %}
        max(value) filter (where attribute = 'primary_phone' and place = 2) as second_phone,
        jsonb_object_agg(attribute, record_no) filter (where place = 1) as provenance
    from (
        {{ golden_values("(" ~ given_values(within="int_touched_clusters") ~ ")") }}
    ) as golden_values
    where place <= 2
    group by anchor_no
)

select
    golden.anchor_no,
    anchors.tenant_id,
    {{ quoted_list(golden_attributes().keys(), "golden") }},
    golden.second_phone,
    golden.provenance
from golden
inner join {{ ref("int_clusters") }} as anchors on anchors.record_no = golden.anchor_no
