-- A row of the old register that arrives now gets its counterpart at once: the one with its number, or a new one.
create or replace function {function}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $body$
declare
    digits text := regexp_replace(new.{old_match}, '\D', '', 'g');
    counterpart {type};
    made boolean := false;
begin
    if exists (select from {mapping} as m where m.old_id = new.{old_key}) then
        return null;
    end if;
    counterpart := (
        select p.{new_key} from {new_table} as p
        where p.{new_match} in (new.{old_match}, digits, '+' || digits)
            and length(digits) > 5
            and p.{tenant} is not distinct from new.{tenant}
        order by p.{new_key}
        limit 1
    );
    if counterpart is null then
        insert into {new_table} ({new_key}, {new_columns})
        values (new.{old_key}, {old_values})
        on conflict do nothing;
        made := found;
        counterpart := new.{old_key};
    end if;
    insert into {mapping} (old_id, new_id, created) values (new.{old_key}, counterpart, made)
    on conflict (old_id) do nothing;
    return null;
end
$body$;
revoke all on function {function}() from public;
