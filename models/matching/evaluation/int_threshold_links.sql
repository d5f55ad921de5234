-- Grain: one row per link threshold and edge that would be taken at it.
{{ config(enabled=var("match_sample", none) is not none) }}

{%- for threshold in [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999] %}
select
    {{ threshold }}::double precision as threshold,
    links.record_no_a,
    links.record_no_b
from (
    {{ linked_pairs(ref("int_scored_pairs"), threshold) }}
) as links
where links.is_accepted
{{ "union all" if not loop.last }}
{%- endfor %}
