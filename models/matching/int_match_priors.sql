-- Grain: one row per tenant and kind: the chosen model, made ready for its records. The share of matches falls as
-- records grow in number: each of them matches so many others, however many there are. Counts are rounded, so a row
-- changes, and with it every score of the tenant, only when the tenant has grown by almost half. A small tenant counts
-- as a larger one: its few records say little about how common anything is.
{{ config(
    materialized=kept_as(),
    unlogged=var("match_training"),
    unique_key=["tenant_id", "kind"],
    contract={"enforced": not var("match_training")},
    meta={
        "upsert": {
            "worklist": "changed_features",
            "log": [{"into": "changed_priors", "columns": {"tenant_id": "tenant_id", "kind": "kind"}}]
        }
    }
) }}
{%- set attributes = match_attributes() %}

with chosen as (
    select *
    from {{ ref("match_weights") }}
    where model_version = '{{ var("match_model_version") }}'
),

records as (
    select
        tenant_id,
        kind,
        {{ rounded_count("greatest(count(*), " ~ var("match_smallest_population") ~ ")") }} as records,
        array[
            {%- for attribute in attributes %}
            {{ rounded_count("greatest(count(" ~ attribute.value ~ "), 1)") }}{{ "," if not loop.last }}
            {%- endfor %}
        ] as given
    from {{ ref("int_match_features") }}
    group by tenant_id, kind
),

-- Each attribute has a blocking rule of its name, whose blocks are the records that share a value of it.
agreeing as (
    select
        blocks.tenant_id,
        blocks.kind,
        rules.rule as attribute,
        {{ rounded_count("sum(blocks.records * (blocks.records - 1) / 2)") }} as pairs
    from {{ ref("int_match_blocks") }} as blocks
    inner join {{ ref("blocking_rules") }} as rules on rules.rule_no = blocks.rule_no
    where rules.rule = any('{ {{- attributes | map(attribute="name") | join(",") -}} }')
    group by blocks.tenant_id, blocks.kind, rules.rule
),

priors as (
    select
        records.*,
        chosen.model_version,
        least(0.5, 2 * chosen.m / greatest(records.records - 1, 1)) as match_share
    from records
    inner join chosen on chosen.kind = records.kind and chosen.attribute = 'matches_per_record'
)

select
    priors.tenant_id,
    priors.kind,
    priors.records,
    priors.model_version,
    priors.match_share,
    log(2, (priors.match_share / (1 - priors.match_share))::numeric)::double precision as prior_weight,
    array[
        {%- for attribute in attributes %}
        (
            select array_agg(log(2, (levels.m / levels.u)::numeric)::double precision order by steps.step)
            from generate_series(0, 12) as steps (step)
            left join chosen as levels
                on
                    levels.kind = priors.kind
                    and levels.attribute = '{{ attribute.name }}'
                    and levels.level = steps.step
        ){{ "," if not loop.last }}
        {%- endfor %}
    ] as weights,
    array[
        {%- for attribute in attributes %}
        (
            select tops.m * priors.given[{{ loop.index }}]
            from chosen as tops
            where
                tops.kind = priors.kind
                and tops.attribute = '{{ attribute.name }}'
                and tops.level = {{ attribute.top }}
        ){{ "," if not loop.last }}
        {%- endfor %}
    ] as value_odds,
    array[
        {%- for attribute in attributes %}
        (
            -- Matches are among the agreeing pairs as often as the model expects; the rest coincides.
            select
                greatest(
                    0.02,
                    1 - priors.match_share * priors.given[{{ loop.index }}] * (priors.given[{{ loop.index }}] - 1) / 2
                    * tops.m / greatest(agreeing.pairs, 1)
                )
            from chosen as tops
            inner join agreeing
                on
                    agreeing.tenant_id = priors.tenant_id
                    and agreeing.kind = tops.kind
                    and agreeing.attribute = tops.attribute
            where
                tops.kind = priors.kind
                and tops.attribute = '{{ attribute.name }}'
                and tops.level = {{ attribute.top }}
        ){{ "," if not loop.last }}
        {%- endfor %}
    ] as coincidence_shares
from priors
