-- Agglomeration by average linkage inside one connected component of scored edges: strongest first, and a union is
-- refused when the mean probability over all pairs across it falls short. A chain of weak edges therefore does not
-- hold: the pairs it never scored count as `unscored`. Members are numbered from 1; the matrix is of the size squared.
#variable_conflict use_column
declare
    i integer;
    j integer;
    k integer;
    e integer;
    edge_order integer[];
    sums double precision[] := array_fill(unscored::double precision, array[size * size]);
    cluster integer[] := array(select generate_series(1, size));
    sizes integer[] := array_fill(1, array[size]);
    accepted boolean[] := array_fill(null::boolean, array[cardinality(a)]);
begin
    if size > 4000 then
        raise exception 'link_component: % records in one component', size
            using hint = 'Raise the threshold for its edges first; a matrix of this size does not fit.';
    end if;
    for e in 1..cardinality(a) loop
        sums[(a[e] - 1) * size + b[e]] := probability[e];
        sums[(b[e] - 1) * size + a[e]] := probability[e];
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
        if sums[(i - 1) * size + j] < cohesion * sizes[i] * sizes[j] then
            accepted[e] := false;
            continue;
        end if;
        accepted[e] := true;
        -- The number of the smaller one stays, so that a cluster is named by the member first seen.
        if i > j then
            k := i;
            i := j;
            j := k;
        end if;
        for k in 1..size loop
            continue when cluster[k] <> k or k = i or k = j;
            sums[(i - 1) * size + k] := sums[(i - 1) * size + k] + sums[(j - 1) * size + k];
            sums[(k - 1) * size + i] := sums[(i - 1) * size + k];
        end loop;
        sizes[i] := sizes[i] + sizes[j];
        for k in 1..size loop
            if cluster[k] = j then
                cluster[k] := i;
            end if;
        end loop;
    end loop;
    return query
    select edges.place::integer, edges.verdict, cluster[a[edges.place]], cluster[b[edges.place]]
    from unnest(accepted) with ordinality as edges (verdict, place);
end
