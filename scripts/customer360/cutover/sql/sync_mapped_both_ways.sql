-- After the switch either key may be written, and the other one follows. Both together must name one identity.
create or replace function {function}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $body$
declare
    mapped {type} := (select m.new_id from {mapping} as m where m.old_id = new.{old});
    new_key_alone boolean;
begin
    if new.{column} is not distinct from mapped then
        return new;
    end if;
    if tg_op = 'INSERT' then
        new_key_alone := new.{old} is null;
        if new.{column} is null then
            new.{column} := mapped;
            return new;
        end if;
    else
        new_key_alone := new.{column} is distinct from old.{column} and new.{old} is not distinct from old.{old};
        if new.{column} is not distinct from old.{column} then
            new.{column} := mapped;
            return new;
        end if;
    end if;
    if not new_key_alone then
        raise exception using
            errcode = 'check_violation',
            message = {conflict},
            hint = 'Write one of the two keys; the other follows.';
    end if;
    new.{old} := {reverse}(new.{column});
    return new;
end
$body$;
revoke all on function {function}() from public;
