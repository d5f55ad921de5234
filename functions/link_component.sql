-- Agglomeration by average linkage inside one connected component of scored edges: strongest first, and a union is
-- refused when the mean probability over all pairs across it falls short. A chain of weak edges therefore does not
-- hold: the pairs it never scored count as `unscored`. Members are numbered from 1; the matrix is of the size squared.
-- It holds by how much the scored pairs across two clusters exceed `unscored` together, so that a union adds the row of
-- the smaller cluster to that of the larger. Statements are few, for each is run once per pair.
#variable_conflict use_column
declare
    pairs constant integer := cardinality(a);
    i integer;
    j integer;
    k integer;
    e integer;
    row_i integer;
    row_j integer;
    gained double precision;
    member integer;
    excess double precision[] := array_fill(0.0::double precision, array[size * size]);
    cluster integer[] := array(select generate_series(1, size));
    sizes integer[] := array_fill(1, array[size]);
    -- The member of a cluster that was first seen names it.
    names integer[] := cluster;
    -- Chains: the members of each cluster.
    next_member integer[] := array_fill(0, array[size]);
    last_member integer[] := cluster;
    accepted boolean[] := array_fill(null::boolean, array[pairs]);
begin
    if size > 4000 then
        raise exception 'link_component: % records in one component', size
            using hint = 'Raise the threshold for its edges first; a matrix of this size does not fit.';
    end if;
    for e in 1..pairs loop
        excess[(a[e] - 1) * size + b[e]] := probability[e] - unscored;
        excess[(b[e] - 1) * size + a[e]] := probability[e] - unscored;
    end loop;
    foreach e in array array(
        select place::integer
        from unnest(probability, weight) with ordinality as edges (p, w, place)
        where p >= link_threshold
        order by w desc, a[place], b[place]
    ) loop
        -- Most pairs lie within what stronger ones have made one.
        continue when cluster[a[e]] = cluster[b[e]];
        i := cluster[a[e]];
        j := cluster[b[e]];
        -- A mean that is just enough must not fall short by rounding.
        if excess[(i - 1) * size + j] < (cohesion - unscored) * sizes[i] * sizes[j] - 1e-9 then
            accepted[e] := false;
            continue;
        end if;
        accepted[e] := true;
        if sizes[i] < sizes[j] then
            k := i;
            i := j;
            j := k;
        end if;
        row_i := (i - 1) * size;
        row_j := (j - 1) * size;
        excess[row_j + i] := 0;
        excess[row_i + j] := 0;
        for k in 1..size loop
            continue when excess[row_j + k] = 0;
            gained := excess[row_i + k] + excess[row_j + k];
            excess[row_i + k] := gained;
            excess[(k - 1) * size + i] := gained;
            excess[(k - 1) * size + j] := 0;
        end loop;
        member := j;
        while member > 0 loop
            cluster[member] := i;
            member := next_member[member];
        end loop;
        next_member[last_member[i]] := j;
        last_member[i] := last_member[j];
        sizes[i] := sizes[i] + sizes[j];
        names[i] := least(names[i], names[j]);
    end loop;
    return query
    select edges.place::integer, edges.verdict, names[cluster[a[edges.place]]], names[cluster[b[edges.place]]]
    from unnest(accepted) with ordinality as edges (verdict, place)
    where edges.verdict is not null;
end
