-- Grain: one row per pair of records that decides which scores join clusters, among what this run takes up again: the
-- scored pairs across the clusters that identifiers make (`int_identifier_clusters`); the ties that hold such a cluster
-- together, which are certain; and the pairs that a person separated, so improbable that no union holds both.
with scored as (
    select
        scored.record_no_a,
        scored.record_no_b,
        scored.match_probability,
        scored.match_weight,
        coalesce(a.cluster_no, scored.record_no_a) as cluster_no_a,
        coalesce(b.cluster_no, scored.record_no_b) as cluster_no_b
    from {{ ref("int_scored_pairs") }} as scored
    left join {{ ref("int_identifier_clusters") }} as a on a.record_no = scored.record_no_a
    left join {{ ref("int_identifier_clusters") }} as b on b.record_no = scored.record_no_b
    where
        coalesce(a.cluster_no, scored.record_no_a) <> coalesce(b.cluster_no, scored.record_no_b)
        and {{ touched("scored.record_no_a", "int_reopened_records", ["record_no"]) }}
),

decided as (
    select distinct
        least(record_no_a, record_no_b) as record_no_a,
        greatest(record_no_a, record_no_b) as record_no_b
    from {{ ref("int_overrides") }}
    where
        decision = 'separate'
        and num_nulls(record_no_a, record_no_b) = 0
        and {{ touched("record_no_a", "int_reopened_records", ["record_no"]) }}
),

separated as (
    select
        decided.record_no_a,
        decided.record_no_b,
        coalesce(a.cluster_no, decided.record_no_a) as cluster_no_a,
        coalesce(b.cluster_no, decided.record_no_b) as cluster_no_b
    from decided
    left join {{ ref("int_identifier_clusters") }} as a on a.record_no = decided.record_no_a
    left join {{ ref("int_identifier_clusters") }} as b on b.record_no = decided.record_no_b
),

members as (
    select
        record_no_a as record_no,
        cluster_no_a as cluster_no
    from scored
    union
    select
        record_no_b,
        cluster_no_b
    from scored
    union
    select
        ends.record_no,
        ends.cluster_no
    from separated
    cross join
        lateral (
            values (record_no_a, cluster_no_a), (record_no_b, cluster_no_b)
        ) as ends (record_no, cluster_no)
),

firsts as (
    select
        record_no,
        min(record_no) over (partition by cluster_no) as first_no
    from members
)

select
    scored.record_no_a,
    scored.record_no_b,
    scored.match_probability,
    scored.match_weight,
    false as is_certain
from scored
where
    not exists (
        select from separated
        where separated.record_no_a = scored.record_no_a and separated.record_no_b = scored.record_no_b
    )

union all

select
    first_no as record_no_a,
    record_no as record_no_b,
    1 as match_probability,
    'Infinity'::double precision as match_weight,
    true as is_certain
from firsts
where record_no <> first_no

union all

select
    record_no_a,
    record_no_b,
    '-Infinity'::double precision as match_probability,
    '-Infinity'::double precision as match_weight,
    false as is_certain
from separated
