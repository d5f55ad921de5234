-- Grain: one row per pair that reaches the link threshold and was needed: whether the union that it asks for was taken.
-- Strongest first, and refused where the records on both sides do not agree on average; a component too large for
-- that falls apart at a higher weight first. A build asks for the pairs that it takes up again, a labelled sample for
-- all.
{{ config(pre_hook="{{ hash_joins() }}") }}
{%- if var("match_sample", none) %}
{{ linked_pairs(ref("int_scored_pairs")) }}
{%- else %}
{{ linked_pairs(ref("int_open_pairs")) }}
{%- endif %}
