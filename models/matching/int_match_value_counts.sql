-- Grain: one row per (tenant, kind, attribute, value) that two records or more share, with the match weight of
-- sharing it: to share a rare value says more. Of the others that have the value some are the same entity; their
-- share is estimated over the attribute, so that being registered often does not make a name common.
{%- set attributes = match_attributes() %}
with given as (
    {%- for attribute in attributes %}
    select
        tenant_id,
        kind,
        '{{ attribute.name }}' as attribute,
        {{ attribute.value }} as value,
        {{ attribute.top }} as level,
        count(*) as records
    from {{ ref("int_match_features") }}
    where {{ attribute.value }} is not null and kind = any('{ {{- attribute.kinds | join(",") -}} }')
    group by tenant_id, kind, {{ attribute.value }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

tops as (
    select distinct
        attribute,
        level
    from given
),

attributes as (
    select
        tenant_id,
        kind,
        attribute,
        sum(records)::double precision as records,
        sum(records * (records - 1) / 2.0)::double precision as agreeing_pairs
    from given
    group by tenant_id, kind, attribute
),

coincidences as (
    select
        attributes.tenant_id,
        attributes.kind,
        attributes.attribute,
        attributes.records,
        weights.m,
        -- Matches are among the agreeing pairs as often as the model expects; the rest coincides.
        greatest(
            0.02,
            1 - priors.match_share * attributes.records * (attributes.records - 1) / 2 * weights.m
            / greatest(attributes.agreeing_pairs, 1)
        ) as share
    from attributes
    inner join {{ ref("int_match_priors") }} as priors
        on priors.tenant_id = attributes.tenant_id and priors.kind = attributes.kind
    inner join {{ ref("match_weights") }} as weights
        on
            weights.model_version = priors.model_version
            and weights.kind = attributes.kind
            and weights.attribute = attributes.attribute
    inner join tops
        on tops.attribute = weights.attribute and tops.level = weights.level
)

select
    given.tenant_id,
    given.kind,
    given.attribute,
    given.value,
    given.records,
    log(
        2,
        (
            coincidences.m * coincidences.records
            / greatest((given.records - 1) * coincidences.share, {{ var("match_rarest_value") }})
        )::numeric
    )::double precision as weight
from given
inner join coincidences
    on
        coincidences.tenant_id = given.tenant_id
        and coincidences.kind = given.kind
        and coincidences.attribute = given.attribute
where given.records > 1
