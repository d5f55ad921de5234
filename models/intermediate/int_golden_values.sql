-- Grain: one row per (cluster, attribute, place): the values that records give, best first, with the record that
-- first gave each. Place 1 is the golden value. Which value wins is said by the seed survivorship_rules: sources that
-- it lists come first, in its order, then its strategy. A view: asked for a few clusters, it reads only theirs.
{{ config(materialized="view") }}

{{ golden_values(ref("int_given_values")) }}
