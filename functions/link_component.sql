-- Agglomeration by average linkage inside one connected component of scored edges: strongest first, and a union is
-- refused when the mean probability over all pairs across it falls short. A chain of weak edges therefore does not
-- hold: the pairs it never scored count as `unscored`. Members are numbered from 1; the matrix is of the size squared.
-- It holds by how much the scored pairs across two clusters exceed `unscored` together, so that a union has to add up
-- the neighbours of one cluster alone, and of the smaller one at that: the time grows with the pairs.
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
    ending integer;
    edge_order integer[];
    excess double precision[] := array_fill(0.0::double precision, array[size * size]);
    cluster integer[] := array(select generate_series(1, size));
    sizes integer[] := array_fill(1, array[size]);
    -- The member of a cluster that was first seen names it.
    names integer[] := cluster;
    -- Chains: the members of each cluster, and the ends of the pairs that leave each member.
    next_member integer[] := array_fill(0, array[size]);
    last_member integer[] := cluster;
    first_end integer[] := array_fill(0, array[size]);
    next_end integer[] := array_fill(0, array[2 * pairs]);
    beyond integer[] := b || a;
    accepted boolean[] := array_fill(null::boolean, array[pairs]);
begin
    if size > 4000 then
        raise exception 'link_component: % records in one component', size
            using hint = 'Raise the threshold for its edges first; a matrix of this size does not fit.';
    end if;
    for e in 1..pairs loop
        i := a[e];
        j := b[e];
        excess[(i - 1) * size + j] := probability[e] - unscored;
        excess[(j - 1) * size + i] := probability[e] - unscored;
        next_end[e] := first_end[i];
        first_end[i] := e;
        next_end[pairs + e] := first_end[j];
        first_end[j] := pairs + e;
    end loop;
    edge_order := array(
        select place::integer
        from unnest(probability, weight) with ordinality as edges (p, w, place)
        where p >= link_threshold
        order by w desc, a[place], b[place]
    );
    foreach e in array edge_order loop
        i := cluster[a[e]];
        j := cluster[b[e]];
        continue when i = j;
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
        -- What is added up becomes zero, since several pairs may lead to one cluster.
        row_i := (i - 1) * size;
        row_j := (j - 1) * size;
        excess[row_j + i] := 0;
        member := j;
        while member > 0 loop
            ending := first_end[member];
            while ending > 0 loop
                k := cluster[beyond[ending]];
                gained := excess[row_j + k];
                if gained <> 0 then
                    excess[row_j + k] := 0;
                    gained := gained + excess[row_i + k];
                    excess[row_i + k] := gained;
                    excess[(k - 1) * size + i] := gained;
                end if;
                ending := next_end[ending];
            end loop;
            member := next_member[member];
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
    from unnest(accepted) with ordinality as edges (verdict, place);
end
