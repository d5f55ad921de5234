-- Grain: one row per pair of clusters that identifiers make (`int_identifier_clusters`; a record that none ties is one
-- alone) among what this run takes up again: how likely it is that they are one entity, by the strongest score across
-- them. Identifiers find most matches, so fewer are to be expected here (`match_open_share`). What a record leaves out,
-- its cluster says: where both clusters have a phone, it is another one, or they would be one cluster. What is
-- hopeless, or separated by a person, is so improbable that no union holds both.
{%- set contacts = ["phone", "email"] %}
{%- set places = {} %}
{%- for attribute in match_attributes() %}{% do places.update({attribute.name: loop.index}) %}{% endfor %}
with placed as (
    select
        scored.*,
        coalesce(a.cluster_no, scored.record_no_a) as cluster_of_a,
        coalesce(b.cluster_no, scored.record_no_b) as cluster_of_b
    from {{ ref("int_scored_pairs") }} as scored
    left join {{ ref("int_identifier_clusters") }} as a on a.record_no = scored.record_no_a
    left join {{ ref("int_identifier_clusters") }} as b on b.record_no = scored.record_no_b
    where {{ touched("scored.record_no_a", "int_reopened_records", ["record_no"]) }}
),

scored as (
    select
        tenant_id,
        kind,
        match_weight,
        levels,
        weights,
        least(cluster_of_a, cluster_of_b) as cluster_no_a,
        greatest(cluster_of_a, cluster_of_b) as cluster_no_b
    from placed
    where cluster_of_a <> cluster_of_b
),

members as (
    select
        cluster_no,
        record_no
    from {{ ref("int_identifier_clusters") }}

    union

    select
        ends.cluster_no,
        ends.cluster_no as record_no
    from scored
    cross join lateral (values (scored.cluster_no_a), (scored.cluster_no_b)) as ends (cluster_no)
),

clusters as (
    select
        members.cluster_no,
        bool_or(features.phone is not null) as has_phone,
        bool_or(features.email is not null) as has_email
    from members
    inner join {{ ref("int_match_features") }} as features on features.record_no = members.record_no
    group by members.cluster_no
),

-- A contact that both clusters have and a pair of their records does not weighs what it weighs at best across them.
weighed as (
    select
        scored.cluster_no_a,
        scored.cluster_no_b,
        scored.match_weight
        {%- for contact in contacts %}
        + case
            when a.has_{{ contact }} and b.has_{{ contact }} and scored.levels[{{ places[contact] }}] is null
                then coalesce(
                    max(scored.weights[{{ places[contact] }}]) over across,
                    priors.weights[{{ places[contact] }}][1],
                    0
                )
            else 0
        end
        {%- endfor %} as match_weight
    from scored
    inner join clusters as a on a.cluster_no = scored.cluster_no_a
    inner join clusters as b on b.cluster_no = scored.cluster_no_b
    inner join {{ ref("int_match_priors") }} as priors
        on priors.tenant_id = scored.tenant_id and priors.kind = scored.kind
    window across as (partition by scored.cluster_no_a, scored.cluster_no_b)
),

strongest as (
    select
        cluster_no_a,
        cluster_no_b,
        max(match_weight) + log(2, {{ var("match_open_share") }}) as match_weight
    from weighed
    group by cluster_no_a, cluster_no_b
),

likely as (
    select
        ends.cluster_no,
        ends.other_no
    from strongest
    cross join
        lateral (
            values (cluster_no_a, cluster_no_b), (cluster_no_b, cluster_no_a)
        ) as ends (cluster_no, other_no)
    where strongest.match_weight >= log(2, {{ var("match_link_threshold") }} / (1 - {{ var("match_link_threshold") }}))
),

-- Two clusters that are like the same third one and whose own records were too unlike to be kept: other phones and
-- other addresses say that they are two.
unlike as (
    select distinct
        one.other_no as cluster_no_a,
        two.other_no as cluster_no_b
    from likely as one
    inner join likely as two on two.cluster_no = one.cluster_no and two.other_no > one.other_no
    inner join clusters as a on a.cluster_no = one.other_no
    inner join clusters as b on b.cluster_no = two.other_no
    where
        a.has_phone and a.has_email and b.has_phone and b.has_email
        and not exists (
            select from strongest
            where strongest.cluster_no_a = one.other_no and strongest.cluster_no_b = two.other_no
        )
),

decided as (
    select
        coalesce(a.cluster_no, overrides.record_no_a) as cluster_of_a,
        coalesce(b.cluster_no, overrides.record_no_b) as cluster_of_b
    from {{ ref("int_overrides") }} as overrides
    left join {{ ref("int_identifier_clusters") }} as a on a.record_no = overrides.record_no_a
    left join {{ ref("int_identifier_clusters") }} as b on b.record_no = overrides.record_no_b
    where
        overrides.decision = 'separate'
        and num_nulls(overrides.record_no_a, overrides.record_no_b) = 0
        and {{ touched("overrides.record_no_a", "int_reopened_records", ["record_no"]) }}
),

likelihoods as (
    select
        cluster_no_a,
        cluster_no_b,
        match_weight,
        1 / (1 + power(2::double precision, -greatest(least(match_weight, 200), -200))) as match_probability
    from strongest
),

hopeless as (
    select
        cluster_no_a,
        cluster_no_b
    from likelihoods
    where match_probability < {{ var("match_keep_probability") }}
    union
    select
        cluster_no_a,
        cluster_no_b
    from unlike
    union
    select
        least(cluster_of_a, cluster_of_b) as cluster_no_a,
        greatest(cluster_of_a, cluster_of_b) as cluster_no_b
    from decided
    where cluster_of_a <> cluster_of_b
)

select
    cluster_no_a as record_no_a,
    cluster_no_b as record_no_b,
    match_probability,
    match_weight
from likelihoods
where
    not exists (
        select from hopeless
        where (hopeless.cluster_no_a, hopeless.cluster_no_b) = (likelihoods.cluster_no_a, likelihoods.cluster_no_b)
    )

union all

select
    cluster_no_a as record_no_a,
    cluster_no_b as record_no_b,
    '-Infinity'::double precision as match_probability,
    '-Infinity'::double precision as match_weight
from hopeless
