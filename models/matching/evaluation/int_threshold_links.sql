-- Grain: one row per link threshold and edge that would be taken at it.
{{ config(enabled=var("match_sample", none) is not none) }}

{%- for threshold in var("match_thresholds", []) %}
select
    {{ threshold }}::double precision as threshold,
    record_no_a,
    record_no_b
from (
    {{ linked_pairs(ref("int_scored_pairs"), threshold) }}
) as links
where is_accepted
{{ "union all" if not loop.last }}
{%- endfor %}
