-- Grain: one row per random pair: the comparison level that it reaches on each attribute.
{{ config(enabled=var("match_training", false)) }}

{{ compared_pairs(ref("int_random_pairs")) }}
