create or replace function {function}() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $body$
begin
    if new.{column} is not distinct from old.{column} then
        new.{column} := now();
    end if;
    return new;
end
$body$
