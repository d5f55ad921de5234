-- m and u of every kind by EM over the counts of comparison patterns. An attribute that no random pair can compare
-- keeps what the starting version says.
with start as (
    select kind, attribute, level, m, u
    from {seeds}.match_weights
    where model_version = %(start)s and class_no = 0
),

-- The order of attributes is that of the patterns.
attributes as (
    select distinct attribute_no, attribute
    from {intermediate}.int_random_levels
),

totals as (
    select
        kind,
        sum(records)::double precision as records,
        sum(records * (records - 1) / 2.0)::double precision as total_pairs
    from (
        select tenant_id, kind, count(*) as records
        from {intermediate}.int_match_features
        group by tenant_id, kind
    ) as tenants
    group by kind
),

patterns as (
    select
        kind,
        array_agg(level order by pattern_no, place) as patterns,
        (array_agg(pairs order by pattern_no, place) filter (where place = 1))::double precision[] as counts
    from (
        select kind, pattern, pairs, row_number() over (partition by kind order by pattern) as pattern_no
        from {intermediate}.int_match_patterns
    ) as numbered
    cross join lateral unnest(pattern) with ordinality as levels (level, place)
    group by kind
),

-- Candidate pairs are all known: of a level that is rare among all pairs they hold more than a sample can show.
candidates as (
    select
        kind,
        place as attribute_no,
        level,
        sum(pairs) as pairs
    from {intermediate}.int_match_patterns
    cross join lateral unnest(pattern) with ordinality as levels (level, place)
    group by kind, place, level
),

observed as (
    select
        totals.kind,
        totals.total_pairs,
        attributes.attribute_no,
        attributes.attribute,
        levels.level,
        coalesce(start.m, 0) as starting_m,
        coalesce(start.u, 0) as starting_u,
        coalesce(decided.pairs, 0)::double precision as decided_pairs,
        coalesce(random.pairs, 0)::double precision as pairs,
        coalesce(candidates.pairs, 0)::double precision as candidate_pairs,
        sum(random.pairs) filter (where levels.level >= 0) over of_attribute as compared,
        sum(random.pairs) over of_attribute as drawn
    from totals
    cross join attributes
    cross join generate_series(-1, %(levels)s - 1) as levels (level)
    left join {intermediate}.int_random_levels as random
        on random.kind = totals.kind and random.attribute = attributes.attribute and random.level = levels.level
    left join {intermediate}.int_decided_levels as decided
        on decided.kind = totals.kind and decided.attribute = attributes.attribute and decided.level = levels.level
    left join candidates
        on
            candidates.kind = totals.kind
            and candidates.attribute_no = attributes.attribute_no
            and candidates.level = levels.level
    left join start
        on start.kind = totals.kind and start.attribute = attributes.attribute and start.level = levels.level
    window of_attribute as (partition by totals.kind, attributes.attribute)
),

-- A level that no random pair reached is still possible: a third of one pair.
mixed as (
    select
        *,
        case
            when starting_m > 0 then greatest(
                greatest(pairs, 0.3) / greatest(compared, 1),
                candidate_pairs / (total_pairs * greatest(compared, 1) / drawn)
            )
            else 0
        end::double precision as rate
    from observed
    where level >= 0
),

-- How often strangers agree in the only attribute there is: as often as the starting version says, which knows other
-- names than these, but no more often than pairs do that are not matches. Of the pairs that agree in full, two of three
-- are taken for matches; their starting m says how many matches the other levels then hold.
chance as (
    select
        *,
        least(
            starting_u,
            greatest(
                starting_u * (top_rate / 3) / nullif(top_u, 0),
                rate - starting_m * (top_rate * 2 / 3) / nullif(top_m, 0)
            )
        ) as single_u
    from (
        select
            *,
            last_value(rate) over by_level as top_rate,
            last_value(starting_m) over by_level as top_m,
            last_value(starting_u) over by_level as top_u
        from mixed
        window by_level as (
            partition by kind, attribute order by starting_m > 0, level
            rows between unbounded preceding and unbounded following
        )
    ) as tops
),

prepared as (
    select
        kind,
        max(attribute_no) as attributes,
        array_agg(rate order by attribute_no, level) as observed,
        array_agg(starting_m order by attribute_no, level)::double precision[] as starting_m,
        array_agg(
            case when level = 0 then 1 - alike_u else coalesce(single_u, 0) end order by attribute_no, level
        )::double precision[] as single_u,
        array_agg(decided_pairs order by attribute_no, level) as decided
    from (
        select *, coalesce(sum(single_u) filter (where level > 0) over (partition by kind, attribute), 0) as alike_u
        from chance
    ) as chances
    group by kind
),

comparable as (
    select
        kind,
        array_agg(coalesce(compared / nullif(drawn, 0), 0) order by attribute_no)::double precision[] as comparable
    from observed
    where level = -1
    group by kind
),

compared_attributes as (
    select kind, array_agg(attribute) as names
    from observed
    where level = -1 and compared > 0
    group by kind
),

-- Each class of related pairs as one flag per attribute. A class must be alike in something that is compared, and not
-- in all of it: then nothing would tell it from the matches.
classes as (
    select
        compared_attributes.kind,
        classes.class_no,
        classes.alike
    from compared_attributes
    cross join lateral jsonb_array_elements(%(related)s::jsonb -> compared_attributes.kind)
        with ordinality as classes (alike, class_no)
    where classes.alike ?| compared_attributes.names and not classes.alike ?& compared_attributes.names
),

related as (
    select
        compared_attributes.kind,
        coalesce(array_agg(distinct classes.class_no order by classes.class_no) filter (where classes.class_no > 0), '{{}}')
        as class_nos,
        coalesce(
            array_agg(classes.alike ? attributes.attribute order by classes.class_no, attributes.attribute_no)
            filter (where classes.class_no > 0),
            '{{}}'
        ) as flags,
        coalesce(
            array_agg(
                coalesce((classes.alike -> attributes.attribute)::boolean, false)
                order by classes.class_no, attributes.attribute_no
            ) filter (where classes.class_no > 0),
            '{{}}'
        ) as coincident
    from compared_attributes
    cross join attributes
    left join classes on classes.kind = compared_attributes.kind
    group by compared_attributes.kind
),

estimated as (
    select
        prepared.kind,
        totals.total_pairs,
        totals.records,
        coalesce(related.class_nos[(weights.attribute_no - 1) / prepared.attributes], 0) as class_no,
        (weights.attribute_no - 1) %% prepared.attributes + 1 as attribute_no,
        weights.level,
        weights.m,
        weights.u,
        weights.match_share
    from prepared
    inner join comparable using (kind)
    inner join totals using (kind)
    inner join patterns using (kind)
    inner join compared_attributes using (kind)
    inner join related using (kind)
    -- From one attribute alone nobody can tell how often strangers agree: then the starting version says it.
    cross join lateral (select cardinality(compared_attributes.names) = 1) as attribute (is_single)
    cross join lateral {functions}.estimate_match_weights(
        prepared.attributes,
        %(levels)s::integer,
        patterns.patterns,
        patterns.counts,
        case when is_single then prepared.single_u else prepared.observed end,
        comparable.comparable,
        totals.total_pairs,
        prepared.starting_m,
        %(strength)s::double precision,
        prepared.decided,
        related.flags,
        related.coincident,
        %(most_coincidence)s::double precision,
        not is_single,
        %(max_steps)s::integer
    ) as weights
)

select
    estimated.kind,
    estimated.class_no,
    attributes.attribute,
    estimated.level,
    estimated.m,
    case when seen.is_seen then estimated.u else start.u end as u
from estimated
inner join attributes on attributes.attribute_no = estimated.attribute_no
inner join start
    on start.kind = estimated.kind and start.attribute = attributes.attribute and start.level = estimated.level
cross join lateral (
    select exists (
        select
        from observed
        where observed.kind = estimated.kind and observed.attribute = attributes.attribute and observed.compared > 0
    )
) as seen (is_seen)
where seen.is_seen or estimated.class_no = 0

union all

select distinct kind, class_no, 'matches_per_record', 0, match_share * total_pairs / records, null::double precision
from estimated

order by 1, 2, 3, 4
