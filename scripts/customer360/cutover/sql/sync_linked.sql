-- A row that arrives, or changes, without a customer gets the one whom the last build knows by the same key or contact.
-- Where nobody is known the next build decides, and the backfill after it follows.
create or replace function {function}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $body$
declare
    customer record;
begin
    if new.{column} is not null then
{copies}        return new;
    end if;
    if tg_op = 'UPDATE' and {unchanged} then
        return new;  -- taken back, or cleared on purpose
    end if;
    if to_regclass({customers_name}) is null or to_regprocedure({parser_name}) is null or not {only_with} then
        return new;
    end if;
{ways}
    return new;
end
$body$;
revoke all on function {function}() from public;
