-- What the next build has to look at again, because the person's records were near it: the records of others that carry
-- the same identifiers or were tied to one of theirs, and those identifiers. No value is noted that only the person had.
with others as (
    select edges.record_no_a as record_no from {intermediate}.int_edges as edges
    where edges.record_no_b = any(%(record_nos)s)
    union
    select edges.record_no_b from {intermediate}.int_edges as edges
    where edges.record_no_a = any(%(record_nos)s)
    union
    select unnest(array[overrides.record_no_a, overrides.record_no_b])
    from {intermediate}.int_overrides as overrides
    where overrides.record_no_a = any(%(record_nos)s) or overrides.record_no_b = any(%(record_nos)s)
    union
    select carriers.record_no from {intermediate}.int_identifiers as carriers
    where
        carriers.tenant_id = %(tenant)s
        and (carriers.kind, carriers.value) in (
            select * from unnest(%(shared_kinds)s::text[], %(shared_values)s::text[])
        )
        -- What links nobody made nobody's customer; should that change, the build sees it itself.
        and not exists (
            select from {intermediate}.int_ignored_identifiers as ignored
            where
                (ignored.tenant_id, ignored.kind, ignored.value)
                = (carriers.tenant_id, carriers.kind, carriers.value)
        )
),

noted_records as (
    insert into {ops}.changed_records (record_no)
    select record_no from others
    where record_no <> all(%(record_nos)s)
    returning record_no
),

noted_ties as (
    insert into {ops}.changed_edges (record_no_a, record_no_b)
    select record_no, record_no from noted_records
),

-- Blocks are counted anew without them.
noted_keys as (
    insert into {ops}.changed_keys (tenant_id, kind, rule_no, key_hash)
    select distinct tenant_id, kind, rule_no, key_hash from {intermediate}.int_match_keys
    where record_no = any(%(record_nos)s)
)

insert into {ops}.changed_identifiers (tenant_id, kind, value)
select %(tenant)s, shared.kind, shared.value
from unnest(%(shared_kinds)s::text[], %(shared_values)s::text[]) as shared (kind, value)
