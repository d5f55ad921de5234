-- One order for all callers, so that two that hold crossed identifiers do not wait for one another. A lock is of use only
-- to whoever sees afterwards what its former holder wrote.
declare
    lock_key bigint;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise feature_not_supported using
            message = 'Live intake works in READ COMMITTED transactions; this one is '
                || upper(current_setting('transaction_isolation')) || '.',
            hint = 'Call it in a transaction of its own, with the default isolation.';
    end if;
    perform pg_advisory_xact_lock_shared({{ intake_gate() }});
    for lock_key in
        select distinct hashtextextended(concat_ws(chr(31), '{{ target.schema }}', in_tenant, taken.key), 360) as lock_key
        from unnest(keys) as taken (key)
        order by lock_key
    loop
        perform pg_advisory_xact_lock(lock_key);
    end loop;
end
