-- The tombstone: the keys of the person's legacy rows and the identifiers that they alone had, as hashes.
with erasure as (
    insert into {ops}.erasures (customer_id) values (%(customer_id)s)
    returning erasure_id, erased_at, erased_by
),

records as (
    insert into {ops}.erased_records (system, entity, bucket, key_hash, erasure_id)
    select
        given.system,
        given.entity,
        {functions}.erasure_bucket(secret.bucket_seed, given.source_id),
        {functions}.erasure_hash(
            secret.salt, concat_ws(chr(31), given.system, given.entity, %(tenant)s::text, given.source_id)
        ),
        erasure.erasure_id
    from erasure
    cross join {ops}.erasure_secret as secret
    cross join unnest(%(systems)s::text[], %(entities)s::text[], %(source_ids)s::text[])
        as given (system, entity, source_id)
    on conflict do nothing
    returning 1
),

identifiers as (
    insert into {ops}.erased_identifiers (kind, value_hash, erasure_id)
    select
        given.kind,
        {functions}.erasure_hash(secret.salt, concat_ws(chr(31), %(tenant)s::text, given.kind, given.value)),
        erasure.erasure_id
    from erasure
    cross join {ops}.erasure_secret as secret
    cross join unnest(%(kinds)s::text[], %(values)s::text[]) as given (kind, value)
    -- Who was erased, came back and is erased again is known by the later erasure.
    on conflict (value_hash, kind) do update set erasure_id = excluded.erasure_id
    returning 1
)

select
    erasure.erasure_id,
    erasure.erased_at,
    erasure.erased_by,
    (select count(*) from records) as records,
    (select count(*) from identifiers) as identifiers
from erasure
