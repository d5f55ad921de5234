-- Grain: one row per link threshold and edge that would be taken at it.
{{ config(enabled=var("match_sample", none) is not none, pre_hook="{{ hash_joins() }}") }}

{%- for threshold in var("match_thresholds", []) %}
select
    {{ threshold }}::double precision as threshold,
    record_no_a,
    record_no_b
from (
    {{
        "select * from " ~ ref("int_linked_pairs")
        if threshold == var("match_link_threshold")
        else linked_pairs(ref("int_scored_pairs"), threshold)
    }}
) as links
where is_accepted
{{ "union all" if not loop.last }}
{%- endfor %}
-- depends_on: {{ ref("int_linked_pairs") }}
