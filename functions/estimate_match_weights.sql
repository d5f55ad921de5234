-- EM for the Fellegi-Sunter model, over counts of comparison patterns: one step costs patterns × attributes, whatever
-- the number of pairs. The share of matches is that among all pairs, not among the candidates: a pattern of pairs
-- that do not match is expected as often as chance alone makes it, blocked or not. What random pairs show is a
-- mixture, so with `correct_u` the part that the matches explain is taken out of it.
#variable_conflict use_column
declare
    width constant integer := levels;
    i integer;
    k integer;
    level integer;
    cell integer;
    m double precision[] := starting_m;
    u double precision[] := observed;
    weight double precision[] := array_fill(0.0::double precision, array[attributes * levels]);
    found double precision[];
    of_attribute double precision[];
    -- Half a match per record, or one candidate in ten, is where the share of matches starts.
    prior double precision := least(
        0.1 * (select sum(n) from unnest(pattern_counts) as n), 0.5 * sqrt(2 * total_pairs)
    ) / total_pairs;
    log_odds double precision;
    matched double precision;
    matches double precision;
    change double precision;
    estimate double precision;
    rest double precision;
begin
    if cardinality(patterns) <> cardinality(pattern_counts) * attributes then
        raise exception 'estimate_match_weights: % levels for % patterns of % attributes',
            cardinality(patterns), cardinality(pattern_counts), attributes
            using hint = 'Give each pattern one level per attribute, -1 where a value is missing.';
    end if;
    for step in 1..max_steps loop
        for cell in 1..attributes * width loop
            weight[cell] := ln(greatest(m[cell], 1e-9) / greatest(u[cell], 1e-12));
        end loop;
        found := array_fill(0.0::double precision, array[attributes * width]);
        of_attribute := array_fill(0.0::double precision, array[attributes]);
        matches := 0;
        for i in 1..cardinality(pattern_counts) loop
            log_odds := ln(prior / (1 - prior));
            for k in 1..attributes loop
                level := patterns[(i - 1) * attributes + k];
                if level >= 0 then
                    log_odds := log_odds + weight[(k - 1) * width + level + 1];
                end if;
            end loop;
            matched := pattern_counts[i] / (1 + exp(least(-log_odds, 600)));
            matches := matches + matched;
            for k in 1..attributes loop
                level := patterns[(i - 1) * attributes + k];
                if level >= 0 then
                    cell := (k - 1) * width + level + 1;
                    found[cell] := found[cell] + matched;
                    of_attribute[k] := of_attribute[k] + matched;
                end if;
            end loop;
        end loop;
        prior := least(greatest(matches, 0.5) / total_pairs, 0.5);
        change := 0;
        for k in 1..attributes loop
            rest := 0;
            for level in 0..width - 1 loop
                cell := (k - 1) * width + level + 1;
                continue when starting_m[cell] = 0;
                estimate := (found[cell] + strength * starting_m[cell]) / (of_attribute[k] + strength);
                change := greatest(change, abs(estimate - m[cell]));
                m[cell] := estimate;
                if correct_u then
                    u[cell] := greatest(
                        observed[cell] * comparable[k] * total_pairs - found[cell],
                        observed[cell] * comparable[k] * total_pairs * 0.02,
                        0.5
                    );
                    rest := rest + u[cell];
                end if;
            end loop;
            if correct_u and rest > 0 then
                for cell in (k - 1) * width + 1..k * width loop
                    u[cell] := case when starting_m[cell] > 0 then u[cell] / rest else 0 end;
                end loop;
            end if;
        end loop;
        exit when change < 1e-5;
    end loop;
    return query
    select
        (place - 1) / width + 1,
        (place - 1) % width,
        m[place],
        u[place],
        prior
    from generate_series(1, attributes * width) as place
    where starting_m[place] > 0;
end
