-- Until the columns go, the archive follows every write to them.
create or replace function {function}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $body$
begin
    if tg_op = 'DELETE' then
        delete from {archive} as a where a.{key} = old.{key};
    else
        insert into {archive} ({key}, {columns}) values (new.{key}, {new_values})
        on conflict ({key}) do update set ({columns}) = row({excluded});
    end if;
    return null;
end
$body$;
revoke all on function {function}() from public;
