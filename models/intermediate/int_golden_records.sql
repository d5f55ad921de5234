-- Grain: one row per identified cluster: its golden values side by side, and for each the record it came from.
select
    anchor_no,
    {%- for attribute, data_type in golden_attributes().items() %}
    (max(value) filter (where attribute = '{{ attribute }}' and place = 1))::{{ data_type }} as {{ attribute }},
    {%- endfor %}
    max(value) filter (where attribute = 'primary_phone' and place = 2) as second_phone,
    jsonb_object_agg(attribute, record_no) filter (where place = 1) as provenance
from {{ ref("int_golden_values") }}
group by anchor_no
