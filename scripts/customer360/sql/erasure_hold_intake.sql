-- Lets live intake wait where it is about this person, until the erasure is done: what it writes is not missed then.
select {functions}.intake_lock(
    %(tenant)s,
    array(select 'customer ' || given.id from unnest(%(customer_ids)s::uuid[]) as given (id))
    || array(
        select given.kind || ' ' || given.value
        from unnest(%(kinds)s::text[] || %(shared_kinds)s::text[], %(values)s::text[] || %(shared_values)s::text[])
            as given (kind, value)
        where given.kind in ('phone', 'email')
    )
)
