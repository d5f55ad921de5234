-- Union-find over the edges one by one. Only where both clusters hold a record that must stay apart from another
-- are the pairs looked through, so the cost is that of the edges plus that of the doubtful unions.
#variable_conflict use_column
declare
    edges constant integer := coalesce(cardinality(a), 0);
    pairs constant integer := coalesce(cardinality(apart_a), 0);
    nodes constant bigint[] := array(
        select distinct node from (select unnest(a) as node union all select unnest(b)) as ends order by node
    );
    ends_a integer[];
    ends_b integer[];
    pairs_a integer[];
    pairs_b integer[];
    parent integer[] := array(select generate_series(1, cardinality(nodes)));
    size integer[] := array_fill(1, array[cardinality(nodes)]);
    guarded boolean[] := array_fill(false, array[cardinality(nodes)]);
    i integer;
    k integer;
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
            select array_agg(left_ends.place order by pair.no)
            from unnest(apart_a, apart_b) with ordinality as pair (node_a, node_b, no)
            inner join places as left_ends on left_ends.node = pair.node_a
            inner join places as right_ends on right_ends.node = pair.node_b
        ),
        (
            select array_agg(right_ends.place order by pair.no)
            from unnest(apart_a, apart_b) with ordinality as pair (node_a, node_b, no)
            inner join places as left_ends on left_ends.node = pair.node_a
            inner join places as right_ends on right_ends.node = pair.node_b
        )
    into ends_a, ends_b, pairs_a, pairs_b;

    for k in 1..coalesce(cardinality(pairs_a), 0) loop
        guarded[pairs_a[k]] := true;
        guarded[pairs_b[k]] := true;
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
        if not is_refused and guarded[x] and guarded[y] then
            for k in 1..cardinality(pairs_a) loop
                u := pairs_a[k];
                while parent[u] <> u loop
                    parent[u] := parent[parent[u]];
                    u := parent[u];
                end loop;
                continue when u <> x and u <> y;
                v := pairs_b[k];
                while parent[v] <> v loop
                    parent[v] := parent[parent[v]];
                    v := parent[v];
                end loop;
                is_refused := (u = x and v = y) or (u = y and v = x);
                exit when is_refused;
            end loop;
        end if;
        continue when is_refused;

        if x > y then
            u := x;
            x := y;
            y := u;
        end if;
        parent[y] := x;
        size[x] := size[x] + size[y];
        guarded[x] := guarded[x] or guarded[y];
    end loop;

    -- A parent is smaller than its child, so one pass upwards finds every root.
    for i in 1..cardinality(parent) loop
        parent[i] := parent[parent[i]];
    end loop;

    return query
    select nodes[place], nodes[root]
    from unnest(parent) with ordinality as forest (root, place);
end
