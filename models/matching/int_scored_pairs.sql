-- Grain: one row per candidate pair that is not hopeless: its match weight in bits, its probability, and what each
-- attribute says. Pairs below `match_keep_probability` are left out; whoever asks for them again gets the same answer.
-- depends_on: {{ ref("int_touched_pairs") }}
{{ config(
    materialized=kept_as(),
    unlogged=var("match_training"),
    unique_key=["record_no_a", "record_no_b"],
    contract={"enforced": not var("match_training")},
    meta={
        "upsert": {
            "within": {"columns": ["record_no_a", "record_no_b"], "worklist": "int_touched_pairs"},
            "parallel": true,
            "log": [
                {
                    "into": "changed_scores",
                    "columns": {
                        "tenant_id": "tenant_id", "record_no_a": "record_no_a", "record_no_b": "record_no_b"
                    }
                },
                {
                    "into": "changed_edges",
                    "columns": {"record_no_a": "record_no_a", "record_no_b": "record_no_b"}
                }
            ]
        },
        "indexes": [{"name": "int_scored_pairs_record_no_b_idx", "columns": "record_no_b"}]
    }
) }}

with scored as (
    {{ scored_pairs(ref("int_comparison_vectors")) }}
)

select
    record_no_a,
    record_no_b,
    tenant_id,
    kind,
    match_weight,
    match_probability,
    prior_weight,
    array[
        {%- for attribute in match_attributes() %}
        {{ attribute.name }}_level{{ "," if not loop.last }}
        {%- endfor %}
    ] as levels,
    array[
        {%- for attribute in match_attributes() %}
        {{ attribute.name }}_weight{{ "," if not loop.last }}
        {%- endfor %}
    ] as weights,
    related_weight,
    model_version
from scored
where match_probability >= {{ var("match_keep_probability") }}
