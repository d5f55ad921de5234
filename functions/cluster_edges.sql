-- Union-find after Rem: one array of parents, in which a parent is never larger than its child, so that the
-- root of a component is its smallest member; splicing shortens the paths on the way up. The array spans
-- from the smallest to the largest number; where few of these are there, records are numbered among themselves first.
#variable_conflict use_column
declare
    edges constant integer := coalesce(cardinality(a), 0);
    base bigint;
    nodes bigint[];
    size bigint;
    parent integer[];
    i integer;
    x integer;
    y integer;
    parent_x integer;
    parent_y integer;
begin
    if edges <> coalesce(cardinality(b), 0) then
        raise exception 'cluster_edges: % left ends but % right ends', edges, coalesce(cardinality(b), 0)
            using hint = 'Aggregate both ends from the same rows.';
    end if;
    if edges = 0 then
        return;
    end if;

    if array_position(a, null) is not null or array_position(b, null) is not null then
        raise exception 'cluster_edges: an edge has only one end'
            using hint = 'Leave rows with a NULL end out.';
    end if;

    select min(node) - 1, max(node) - min(node) + 1
    into base, size
    from (select unnest(a) as node union all select unnest(b)) as ends;

    if size > 16 * edges then
        nodes := array(
            select distinct node from (select unnest(a) as node union all select unnest(b)) as ends order by node
        );
        return query
        with places as (
            select node, place from unnest(nodes) with ordinality as numbered (node, place)
        ),

        ends as (
            select array_agg(left_ends.place) as a, array_agg(right_ends.place) as b
            from unnest(a, b) as edge (node_a, node_b)
            inner join places as left_ends on left_ends.node = edge.node_a
            inner join places as right_ends on right_ends.node = edge.node_b
        )

        select nodes[cluster.record_no], nodes[cluster.cluster_no]
        from ends, {{ this }}(ends.a, ends.b) as cluster;
        return;
    end if;

    parent := array(select generate_series(1, size));

    for i in 1..edges loop
        x := a[i] - base;
        y := b[i] - base;
        parent_x := parent[x];
        parent_y := parent[y];
        while parent_x <> parent_y loop
            if parent_x > parent_y then
                if x = parent_x then
                    parent[x] := parent_y;
                    exit;
                end if;
                parent[x] := parent_y;
                x := parent_x;
                parent_x := parent[x];
            else
                if y = parent_y then
                    parent[y] := parent_x;
                    exit;
                end if;
                parent[y] := parent_x;
                y := parent_y;
                parent_y := parent[y];
            end if;
        end loop;
    end loop;

    -- A parent is smaller than its child, so one pass upwards finds every root.
    for i in 1..cardinality(parent) loop
        parent[i] := parent[parent[i]];
    end loop;

    return query
    select base + node, base + root
    from unnest(parent) with ordinality as forest (root, node)
    where root <> node
    union all
    select base + root, base + root
    from (
        select distinct root
        from unnest(parent) with ordinality as forest (root, node)
        where root <> node
    ) as roots;
end
