-- Grain: one row per tenant and kind: the chosen model, made ready for its records. The share of matches falls as
-- records grow in number: each of them matches so many others, however many there are. Counts are rounded, so a row
-- changes, and with it every score of the tenant, only when the tenant has grown by almost half. A small tenant counts
-- as a larger one: its few records say little about how common anything is. Pairs that are related instead (class 1 and
-- 2 of the seed) are expected in the same way.
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

with versions as (
    select *
    from {{ ref("match_weights") }}
    where model_version = '{{ var("match_model_version") }}'
),

chosen as (
    select *
    from versions
    where class_no = 0
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
        ] as given,
        {%- for attribute in attributes %}
        least(count({{ attribute.value }}), 1){{ " +" if not loop.last }}
        {%- endfor %} = 1 as is_single
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

expected as (
    select
        records.tenant_id,
        records.kind,
        versions.model_version,
        versions.class_no,
        least(0.5, 2 * versions.m / greatest(records.records - 1, 1)) as share
    from records
    inner join versions on versions.kind = records.kind and versions.attribute = 'matches_per_record'
),

priors as (
    select
        records.*,
        expected.model_version,
        max(expected.share) filter (where expected.class_no = 0) as match_share,
        greatest(1 - sum(expected.share), 0.01) as other_share
    from records
    inner join expected on expected.tenant_id = records.tenant_id and expected.kind = records.kind
    group by records.tenant_id, records.kind, records.records, records.given, records.is_single, expected.model_version
),

-- By class and attribute how often a pair of the class reaches a level, compared with a match.
gains as (
    select
        related.kind,
        related.class_no,
        related.attribute,
        related.level,
        log(2, (related.m / chosen.m)::numeric)::double precision as weight
    from versions as related
    inner join chosen
        on
            chosen.kind = related.kind
            and chosen.attribute = related.attribute
            and chosen.level = related.level
    where related.class_no > 0 and related.attribute <> 'matches_per_record'
)

select
    priors.tenant_id,
    priors.kind,
    priors.records,
    priors.model_version,
    priors.match_share,
    priors.is_single,
    log(2, (priors.match_share / priors.other_share)::numeric)::double precision as prior_weight,
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
            -- Each class is among the agreeing pairs as often as the model expects; the rest coincides.
            select
                greatest(
                    0.02,
                    1 - sum(expected.share * tops.m) * priors.given[{{ loop.index }}]
                    * (priors.given[{{ loop.index }}] - 1) / 2 / greatest(agreeing.pairs, 1)
                )
            from versions as tops
            inner join expected
                on
                    expected.tenant_id = priors.tenant_id
                    and expected.kind = tops.kind
                    and expected.class_no = tops.class_no
            inner join agreeing
                on
                    agreeing.tenant_id = priors.tenant_id
                    and agreeing.kind = tops.kind
                    and agreeing.attribute = tops.attribute
            where
                tops.kind = priors.kind
                and tops.attribute = '{{ attribute.name }}'
                and tops.level = {{ attribute.top }}
            group by agreeing.pairs
        ){{ "," if not loop.last }}
        {%- endfor %}
    ] as coincidence_shares,
    array[
        {%- for attribute in attributes %}
        coalesce(
            (
                -- What belongs to one entity coincides as seldom as the model says, however few records there are; and
                -- so does the only attribute there is, of which the model knows nothing else.
                select least(tops.u * priors.given[{{ loop.index }}], {{ var("match_rarest_value") }})
                from chosen as tops
                where
                    tops.kind = priors.kind
                    and tops.attribute = '{{ attribute.name }}'
                    and tops.level = {{ attribute.top }}
                    and ({{ attribute.is_own | default(false) }} or priors.is_single)
            ),
            {{ var("match_rarest_value") }}
        ){{ "," if not loop.last }}
        {%- endfor %}
    ]::double precision[] as rarest,
    array[
        {%- for class_no in [1, 2] %}
        (
            select log(2, (expected.share / priors.other_share)::numeric)::double precision
            from expected
            where
                expected.tenant_id = priors.tenant_id
                and expected.kind = priors.kind
                and expected.class_no = {{ class_no }}
        ){{ "," if not loop.last }}
        {%- endfor %}
    ] as related_priors,
    array[
        {%- for class_no in [1, 2] %}
        array[
            {%- for attribute in attributes %}
            (
                select array_agg(gains.weight order by steps.step)
                from generate_series(0, 12) as steps (step)
                left join gains
                    on
                        gains.kind = priors.kind
                        and gains.class_no = {{ class_no }}
                        and gains.attribute = '{{ attribute.name }}'
                        and gains.level = steps.step
            ){{ "," if not loop.last }}
            {%- endfor %}
        ]{{ "," if not loop.last }}
        {%- endfor %}
    ] as related_weights
from priors
