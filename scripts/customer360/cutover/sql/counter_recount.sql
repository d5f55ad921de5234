-- Counts some customers anew. Their counters are locked first and read in a statement of its own, which sees whatever
-- was committed before the lock was had; whoever comes later waits for the lock and adds to what it finds.
create or replace function {recount}(customers uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $body$
begin
    insert into {counters} (customer_id)
    select ids.customer_id from unnest(customers) as ids (customer_id) order by 1
    on conflict do nothing;
    perform 1 from {counters} as c where c.customer_id = any(customers) order by c.customer_id for update;
    update {counters} as c set {assignments}
    where c.customer_id = any(customers);
end
$body$;
revoke all on function {recount}(uuid[]) from public;
