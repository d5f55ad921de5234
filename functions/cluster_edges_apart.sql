-- Union-find over the edges one by one. Every cluster has a list of its records that must stay apart from others, and
-- a union looks through the shorter list of both. The two ends of pair k are 2k - 1 and 2k; lists are chained, so that
-- two become one in no time, and an end that refused a union comes first, for it will refuse the next one as well.
#variable_conflict use_column
declare
    edges constant integer := coalesce(cardinality(a), 0);
    nodes constant bigint[] := array(
        select distinct node from (select unnest(a) as node union all select unnest(b)) as ends order by node
    );
    ends_a integer[];
    ends_b integer[];
    ends_apart integer[];
    parent integer[] := array(select generate_series(1, cardinality(nodes)));
    size integer[] := array_fill(1, array[cardinality(nodes)]);
    guards integer[] := array_fill(0, array[cardinality(nodes)]);
    first_end integer[] := array_fill(null::integer, array[cardinality(nodes)]);
    last_end integer[] := array_fill(null::integer, array[cardinality(nodes)]);
    next_end integer[];
    i integer;
    k integer;
    previous integer;
    x integer;
    y integer;
    u integer;
    v integer;
    is_refused boolean;
begin
    if edges = 0 then
        return;
    end if;

    with places as (
        select node, place::integer as place from unnest(nodes) with ordinality as numbered (node, place)
    )
    select
        (
            select array_agg(places.place order by edge.no)
            from unnest(a) with ordinality as edge (node, no) inner join places using (node)
        ),
        (
            select array_agg(places.place order by edge.no)
            from unnest(b) with ordinality as edge (node, no) inner join places using (node)
        ),
        (
            select array_agg(sides.place order by pair.no, sides.side)
            from unnest(apart_a, apart_b) with ordinality as pair (node_a, node_b, no)
            inner join places as left_ends on left_ends.node = pair.node_a
            inner join places as right_ends on right_ends.node = pair.node_b
            cross join lateral (values (1, left_ends.place), (2, right_ends.place)) as sides (side, place)
        )
    into ends_a, ends_b, ends_apart;

    for k in 1..coalesce(cardinality(ends_apart), 0) loop
        x := ends_apart[k];
        next_end[k] := first_end[x];
        first_end[x] := k;
        last_end[x] := coalesce(last_end[x], k);
        guards[x] := guards[x] + 1;
    end loop;

    for i in 1..edges loop
        x := ends_a[i];
        while parent[x] <> x loop
            parent[x] := parent[parent[x]];
            x := parent[x];
        end loop;
        y := ends_b[i];
        while parent[y] <> y loop
            parent[y] := parent[parent[y]];
            y := parent[y];
        end loop;
        continue when x = y;

        is_refused := not is_sure[i] and size[x] + size[y] > max_records;
        if not is_refused and guards[x] > 0 and guards[y] > 0 then
            if guards[x] > guards[y] then
                u := x;
                x := y;
                y := u;
            end if;
            previous := null;
            k := first_end[x];
            while k is not null loop
                v := ends_apart[k + 2 * (k % 2) - 1];
                while parent[v] <> v loop
                    parent[v] := parent[parent[v]];
                    v := parent[v];
                end loop;
                is_refused := v = y;
                exit when is_refused;
                previous := k;
                k := next_end[k];
            end loop;
            if is_refused and previous is not null then
                next_end[previous] := next_end[k];
                if last_end[x] = k then
                    last_end[x] := previous;
                end if;
                next_end[k] := first_end[x];
                first_end[x] := k;
            end if;
        end if;
        continue when is_refused;

        if x > y then
            u := x;
            x := y;
            y := u;
        end if;
        parent[y] := x;
        size[x] := size[x] + size[y];
        if first_end[y] is not null then
            if first_end[x] is null then
                first_end[x] := first_end[y];
            else
                next_end[last_end[x]] := first_end[y];
            end if;
            last_end[x] := last_end[y];
            guards[x] := guards[x] + guards[y];
        end if;
    end loop;

    -- A parent is smaller than its child, so one pass upwards finds every root.
    for i in 1..cardinality(parent) loop
        parent[i] := parent[parent[i]];
    end loop;

    return query
    select nodes[place], nodes[root]
    from unnest(parent) with ordinality as forest (root, place);
end
