-- Grain: one row per candidate pair: the comparison level that it reaches on each attribute.
{{ compared_pairs(ref("int_candidate_pairs")) }}
