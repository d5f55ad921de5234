-- The old key of a new one, for readers that know the old key alone; where there is none, a row is made that has it.
create or replace function {function}(wanted {type}) returns {type}
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $body$
declare
    found_id {type} := (
        select m.old_id from {mapping} as m
        where m.new_id = wanted
        order by m.changed_at, m.old_id
        limit 1
    );
begin
    if wanted is null or found_id is not null then
        return found_id;
    end if;
    -- The mapping first: the trigger on the old table then finds it and makes no identity of its own.
    insert into {mapping} (old_id, new_id, created)
    select p.{new_key}, p.{new_key}, false from {new_table} as p where p.{new_key} = wanted
    on conflict (old_id) do nothing;
    insert into {old_table} ({old_key}, {old_columns})
    select p.{new_key}, {new_columns} from {new_table} as p where p.{new_key} = wanted
    on conflict do nothing;
    -- Its number may be taken already; an identity is worth more than a number.
    insert into {old_table} ({old_key}, {old_columns})
    select p.{new_key}, {new_columns_without_match} from {new_table} as p where p.{new_key} = wanted
    on conflict do nothing;
    return (select c.{old_key} from {old_table} as c where c.{old_key} = wanted);
end
$body$;
revoke all on function {function}({type}) from public;
