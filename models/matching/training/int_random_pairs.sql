-- Grain: one row per random pair of records of one tenant and kind, from which u is estimated; all pairs where there
-- are not more. Reproducible: the pairs follow from the record numbers.
{{ config(
    enabled=var("match_training", false),
    pre_hook=["{{ hash_joins() }}", "{{ sorted_pairs() }}"]
) }}

with numbered as (
    select
        record_no,
        tenant_id,
        kind,
        row_number() over (partition by tenant_id, kind order by record_no) as place,
        count(*) over (partition by tenant_id, kind) as records
    from {{ ref("int_match_features") }}
),

sizes as (
    select distinct
        tenant_id,
        kind,
        records
    from numbered
),

kinds as (
    select
        kind,
        sum(records * (records - 1) / 2.0) as pairs
    from sizes
    group by kind
),

everyone as (
    select sum(records) as records
    from sizes
),

tries as (
    -- Every record is paired with the same number of others, so a tenant has its share of the pairs.
    select
        numbered.record_no,
        numbered.tenant_id,
        numbered.kind,
        1 + (
            numbered.place + floor(
                (numbered.records - 1)
                * (hashint8extended(numbered.record_no, try) / power(2::double precision, 64) + 0.5)
            )::bigint
        ) % numbered.records as place
    from numbered
    inner join kinds on kinds.kind = numbered.kind
    cross join everyone
    cross join
        lateral generate_series(
            1, ceil({{ var("match_random_pairs") }} / greatest(everyone.records, 1))::integer
        ) as try
    where kinds.pairs > {{ var("match_random_pairs") }} and numbered.records > 1
    {{ computed_once() }}
)

select distinct
    least(tries.record_no, others.record_no) as record_no_a,
    greatest(tries.record_no, others.record_no) as record_no_b
from tries
inner join numbered as others
    on others.tenant_id = tries.tenant_id and others.kind = tries.kind and others.place = tries.place

union all

select
    a.record_no as record_no_a,
    b.record_no as record_no_b
from numbered as a
inner join numbered as b on b.tenant_id = a.tenant_id and b.kind = a.kind and b.record_no > a.record_no
inner join kinds on kinds.kind = a.kind
where kinds.pairs <= {{ var("match_random_pairs") }}
