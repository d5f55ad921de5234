-- Grain: one row per pair of records on which people decided: training does not guess what they know.
{{ config(enabled=var("match_training", false)) }}

{%- if var("match_registry", none) %}
select
    a.tenant_id,
    a.kind,
    least(a.record_no, b.record_no) as record_no_a,
    greatest(a.record_no, b.record_no) as record_no_b,
    bool_or(overrides.decision = 'link') as is_match
from {{ adapter.quote(var("match_registry")) }}.int_overrides as overrides
inner join {{ ref("int_match_features") }} as a on a.record_no = overrides.record_no_a
inner join {{ ref("int_match_features") }} as b on b.record_no = overrides.record_no_b and b.kind = a.kind
group by 1, 2, 3, 4
{%- else %}
select
    tenant_id,
    kind,
    record_no as record_no_a,
    record_no as record_no_b,
    true as is_match
from {{ ref("int_match_features") }}
where false
{%- endif %}
