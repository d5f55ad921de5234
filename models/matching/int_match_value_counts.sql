-- Grain: one row per (tenant, kind, attribute, value) that two records or more share, with the match weight of
-- sharing it: to share a rare value says more. Of the others that have the value some are the same entity; their
-- share is estimated over the attribute, so that being registered often does not make a name common.
{{ config(
    materialized=kept_as(),
    unlogged=var("match_training"),
    unique_key=["tenant_id", "kind", "attribute", "key_hash"],
    contract={"enforced": not var("match_training")},
    meta={
        "upsert": {
            "within": {
                "columns": ["tenant_id", "kind", "attribute", "key_hash"], "worklist": "int_touched_values"
            },
            "log": [{
                "into": "changed_blocks",
                "columns": {"tenant_id": "tenant_id", "kind": "kind", "rule_no": "rule_no", "key_hash": "key_hash"},
                "of": ["weight"]
            }]
        }
    }
) }}

with attributes as (
    select
        rules.rule as attribute,
        rules.rule_no,
        attributes.place::integer as place
    from
        unnest(
            '{ {{- match_attributes() | map(attribute="name") | join(",") -}} }'::text[]
        ) with ordinality as attributes (name, place)
    inner join {{ ref("blocking_rules") }} as rules on rules.rule = attributes.name
)

select
    blocks.tenant_id,
    blocks.kind,
    attributes.attribute,
    blocks.key_hash,
    blocks.rule_no,
    blocks.key as value,
    blocks.records,
    log(
        2,
        (
            priors.value_odds[attributes.place]
            / greatest(
                -- Whether the two that agree in all there is are one is the question: they say nothing of the others.
                {{ rounded_count("greatest(blocks.records - 1 - priors.is_single::integer, 0.01)") }}
                * priors.coincidence_shares[attributes.place],
                priors.rarest[attributes.place]
            )
        )::numeric
    )::double precision as weight
from {{ ref("int_match_blocks") }} as blocks
inner join attributes on attributes.rule_no = blocks.rule_no
inner join {{ ref("int_match_priors") }} as priors
    on priors.tenant_id = blocks.tenant_id and priors.kind = blocks.kind
where
    priors.value_odds[attributes.place] is not null
    and {{ touched(
        ["blocks.tenant_id", "blocks.kind", "attributes.attribute", "blocks.key_hash"], "int_touched_values"
    ) }}
