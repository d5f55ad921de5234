-- Numbers may be anything and far apart: where they do not lie close together, records are numbered among themselves
-- first, so that the union-find needs an array of their number only.
#variable_conflict use_column
declare
    edges constant integer := coalesce(cardinality(a), 0);
    base bigint;
    size bigint;
    nodes bigint[];
    roots bigint[];
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

    select min(least(node_a, node_b)) - 1, max(greatest(node_a, node_b)) - min(least(node_a, node_b)) + 1
    into base, size
    from (select unnest(a) as node_a, unnest(b) as node_b) as edge;

    if size <= 16 * edges then
        select {{ function("union_edges") }}(packed.edges, size)
        into roots
        from (
            select {{ packed_edges("node_a - base", "node_b - base") }}
            from (select unnest(a) as node_a, unnest(b) as node_b) as edge
        ) as packed
        where packed.edges is not null;

        return query
        select base + place, base + root
        from (select generate_series(1, cardinality(roots)::bigint) as place, unnest(roots) as root) as member
        where root is not null;
        return;
    end if;

    nodes := array(
        select distinct node from (select unnest(a) as node union all select unnest(b)) as ends order by node
    );
    with places as (
        select node, place from unnest(nodes) with ordinality as numbered (node, place)
    )
    select {{ function("union_edges") }}(packed.edges, cardinality(nodes))
    into roots
    from (
        select {{ packed_edges("left_ends.place", "right_ends.place") }}
        from unnest(a, b) as edge (node_a, node_b)
        inner join places as left_ends on left_ends.node = edge.node_a
        inner join places as right_ends on right_ends.node = edge.node_b
    ) as packed
    where packed.edges is not null;

    return query
    select nodes[place], nodes[root]
    from (select generate_series(1, cardinality(roots)::bigint) as place, unnest(roots) as root) as member
    where root is not null;
end
