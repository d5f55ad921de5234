-- One statement's new rows, added up by customer. Rows of the counters are locked in one order.
create or replace function {added}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $body$
begin
    insert into {counters} as c (customer_id, {column}, {last})
    select r.{reference}, count(*), max({new_at})
    from new_rows as r
    where r.{reference} is not null
    group by r.{reference}
    order by r.{reference}
    on conflict (customer_id) do update set
        {column} = c.{column} + excluded.{column}, {last} = greatest(c.{last}, excluded.{last});
    return null;
end
$body$;

-- Rows that went, or went over to another customer, or changed their date: the latest contact has to be looked up.
create or replace function {changed}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $body$
declare
    touched uuid[];
begin
    if tg_op = 'UPDATE' then
        touched := array(
            select distinct ids.customer_id
            from old_rows as o
            full join new_rows as n on n.{key} = o.{key}
            cross join lateral (values (o.{reference}), (n.{reference})) as ids (customer_id)
            where ids.customer_id is not null
                and (o.{reference} is distinct from n.{reference} or o.{at} is distinct from n.{at})
            order by 1
        );
    else
        touched := array(select distinct o.{reference} from old_rows as o where o.{reference} is not null order by 1);
    end if;
    if cardinality(touched) > 0 then
        perform {recount}(touched);
    end if;
    return null;
end
$body$;

create or replace function {emptied}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $body$
begin
    perform {recount}(array(select c.customer_id from {counters} as c where c.{column} > 0 order by 1));
    return null;
end
$body$;
revoke all on function {added}() from public;
revoke all on function {changed}() from public;
revoke all on function {emptied}() from public;
