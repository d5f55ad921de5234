-- Before the switch the old key rules: whatever the application writes, the new one follows from it.
create or replace function {function}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $body$
begin
    new.{column} := (select m.new_id from {mapping} as m where m.old_id = new.{old});
    return new;
end
$body$;
revoke all on function {function}() from public;
