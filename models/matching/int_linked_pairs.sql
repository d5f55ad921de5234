-- Grain: one row per scored pair that reaches the link threshold and was needed: whether the union that it asks for
-- was taken. Strongest first, and refused where the records on both sides do not agree on average; a component too
-- large for that falls apart at a higher weight first.
{{ linked_pairs(ref("int_scored_pairs")) }}
