-- Stored are numbers, a fifth of their JSON, which few pairs are ever asked for.
select
    jsonb_object_agg(
        said.name,
        jsonb_strip_nulls(jsonb_build_object('level', said.level, 'weight', round(said.weight::numeric, 3)))
    )
from (
    select
        'prior' as name,
        null::smallint as level,
        prior_weight as weight

    union all

    select
        'related' as name,
        null::smallint as level,
        related_weight as weight
    where round(related_weight::numeric, 3) <> 0

    union all

    select
        attributes.name,
        attributes.level,
        attributes.weight
    from unnest(
        '{ {{- match_attributes() | map(attribute="name") | join(",") -}} }'::text[], levels, weights
    ) as attributes (name, level, weight)
    where attributes.level is not null
) as said
