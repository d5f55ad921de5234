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

select
    golden.anchor_no,
    anchors.tenant_id,
    {%- for attribute, data_type in golden_attributes().items() %}
    (max(golden.value) filter (where golden.attribute = '{{ attribute }}' and golden.place = 1))::{{ data_type }}
        as {{ attribute }},
    {%- endfor %}
    max(golden.value) filter (where golden.attribute = 'primary_phone' and golden.place = 2) as second_phone,
    jsonb_object_agg(golden.attribute, golden.record_no) filter (where golden.place = 1) as provenance
from {{ ref("int_golden_values") }} as golden
inner join {{ ref("int_clusters") }} as anchors on anchors.record_no = golden.anchor_no
where golden.place <= 2 and {{ touched("golden.anchor_no", "int_touched_clusters", as_array=true) }}
group by golden.anchor_no, anchors.tenant_id
