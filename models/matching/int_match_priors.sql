-- Grain: one row per tenant and kind: the chosen model, made ready for its number of records. The share of matches
-- falls as records grow in number: each of them matches so many others, however many there are.
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
        count(*) as records
    from {{ ref("int_match_features") }}
    group by tenant_id, kind
),

priors as (
    select
        records.tenant_id,
        records.kind,
        records.records,
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
    ] as weights
from priors
