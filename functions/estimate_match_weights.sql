-- EM for the Fellegi-Sunter model, over counts of comparison patterns: one step costs patterns × attributes, whatever
-- the number of pairs. The share of matches is that among all pairs, not among the candidates: a pattern of pairs
-- that do not match is expected as often as chance alone makes it, blocked or not. What random pairs show is a
-- mixture, so with `correct_u` the part that the matches explain is taken out of it. Pairs that agree for a reason
-- other than being one entity (relatives, namesakes, branches) are classes of their own beside the matches, each alike
-- in its own attributes and as chance has it in all others; without them EM takes the largest such class for the matches.
-- A class that agrees in some attributes by nothing but chance (namesakes) is no larger than chance makes it: else it
-- takes the matches that agree in these and in nothing else. What people decided counts as found in every step.
#variable_conflict use_column
declare
    cells constant integer := attributes * levels;
    classes constant integer := 1 + cardinality(related) / attributes;
    -- The levels of a pattern as places in the arrays of levels, those that are missing left out; class 1 is the matches.
    places integer[] := '{}';
    ends integer[] := '{0}';
    is_own boolean[] := array_fill(true, array[attributes]) || related;
    -- The cell of the highest level of each attribute.
    tops integer[] := array_fill(0, array[attributes]);
    m double precision[] := '{}';
    u double precision[] := observed;
    weight double precision[];
    found double precision[];
    chance double precision[] := array_fill(0.0::double precision, array[cells]);
    shares double precision[];
    odds double precision[] := array_fill(0.0::double precision, array[1 + cardinality(related) / attributes]);
    pairs double precision[];
    likely double precision;
    all_odds double precision;
    change double precision;
    estimate double precision;
    total double precision;
    i integer;
    k integer;
    c integer;
    cell integer;
    place integer;
begin
    if cardinality(patterns) <> cardinality(pattern_counts) * attributes then
        raise exception 'estimate_match_weights: % levels for % patterns of % attributes',
            cardinality(patterns), cardinality(pattern_counts), attributes
            using hint = 'Give each pattern one level per attribute, -1 where a value is missing.';
    end if;
    if cardinality(related) % attributes <> 0 then
        raise exception 'estimate_match_weights: related has % flags for % attributes',
            cardinality(related), attributes
            using hint = 'Give each class of related pairs one flag per attribute.';
    end if;
    if cardinality(coincident) <> cardinality(related) then
        raise exception 'estimate_match_weights: coincident has % flags, related has %',
            cardinality(coincident), cardinality(related)
            using hint = 'Give both one flag per class and attribute.';
    end if;
    for i in 1..cardinality(pattern_counts) loop
        for k in 1..attributes loop
            if patterns[(i - 1) * attributes + k] >= 0 and comparable[k] > 0 then
                places := places || (k - 1) * levels + patterns[(i - 1) * attributes + k] + 1;
            end if;
        end loop;
        ends := ends || cardinality(places);
    end loop;
    for cell in 1..cells loop
        chance[cell] := observed[cell] * comparable[(cell - 1) / levels + 1] * total_pairs;
    end loop;
    for c in 1..classes loop
        m := m || starting_m;
    end loop;
    for cell in 1..cells loop
        if starting_m[cell] > 0 then
            tops[(cell - 1) / levels + 1] := cell;
        end if;
    end loop;
    -- Half a pair per record, or one candidate in ten, is where the share of each class starts.
    shares := array_fill(
        least(0.1 * (select sum(n) from unnest(pattern_counts) as n), 0.5 * sqrt(2 * total_pairs)) / total_pairs,
        array[classes]
    );
    for step in 1..max_steps loop
        weight := array_fill(0.0::double precision, array[classes * cells]);
        for c in 1..classes loop
            for cell in 1..cells loop
                if is_own[(c - 1) * attributes + (cell - 1) / levels + 1] then
                    weight[(c - 1) * cells + cell]
                        := ln(greatest(m[(c - 1) * cells + cell], 1e-12) / greatest(u[cell], 1e-12));
                end if;
            end loop;
        end loop;
        found := decided || array_fill(0.0::double precision, array[(classes - 1) * cells]);
        pairs := array_fill(0.0::double precision, array[classes]);
        total := 1 - (select sum(share) from unnest(shares) as share);
        for i in 1..cardinality(pattern_counts) loop
            all_odds := 1;
            for c in 1..classes loop
                likely := ln(shares[c] / total);
                for place in ends[i] + 1..ends[i + 1] loop
                    likely := likely + weight[(c - 1) * cells + places[place]];
                end loop;
                odds[c] := exp(least(likely, 600));
                all_odds := all_odds + odds[c];
            end loop;
            for c in 1..classes loop
                likely := pattern_counts[i] * odds[c] / all_odds;
                continue when likely < 1e-9;
                pairs[c] := pairs[c] + likely;
                for place in ends[i] + 1..ends[i + 1] loop
                    cell := (c - 1) * cells + places[place];
                    found[cell] := found[cell] + likely;
                end loop;
            end loop;
        end loop;
        change := 0;
        for c in 1..classes loop
            likely := least(greatest(pairs[c], 0.5) / total_pairs, 0.99 / classes);
            if c > 1 and true = any(coincident[(c - 2) * attributes + 1:(c - 1) * attributes]) then
                estimate := most_coincidence;
                for k in 1..attributes loop
                    if coincident[(c - 2) * attributes + k] and comparable[k] > 0 then
                        estimate := estimate * u[tops[k]] / greatest(m[(c - 1) * cells + tops[k]], 1e-12);
                    end if;
                end loop;
                likely := least(likely, greatest(estimate, 0.5 / total_pairs));
            end if;
            if c = 1 then
                change := greatest(change, 0.01 * abs(ln(likely / shares[c])));
            end if;
            shares[c] := likely;
            for k in 1..attributes loop
                cell := (c - 1) * cells + (k - 1) * levels;
                total := (select sum(n) from unnest(found[cell + 1:cell + levels]) as n) + strength;
                continue when total = 0;
                for place in cell + 1..cell + levels loop
                    continue when starting_m[place - (c - 1) * cells] = 0;
                    estimate := (found[place] + strength * starting_m[place - (c - 1) * cells]) / total;
                    if c = 1 then
                        change := greatest(change, abs(estimate - m[place]));
                    end if;
                    m[place] := estimate;
                end loop;
            end loop;
        end loop;
        exit when change < 1e-5;
        continue when not correct_u;
        -- While classes are told apart, chance is what none of them explains by an attribute of its own.
        for k in 1..attributes loop
            total := 0;
            for cell in (k - 1) * levels + 1..k * levels loop
                continue when starting_m[cell] = 0;
                estimate := 0;
                for c in 1..classes loop
                    if is_own[(c - 1) * attributes + k] then
                        estimate := estimate + found[(c - 1) * cells + cell];
                    end if;
                end loop;
                u[cell] := greatest(chance[cell] - estimate, chance[cell] * 0.02, 0.5);
                total := total + u[cell];
            end loop;
            for cell in (k - 1) * levels + 1..k * levels loop
                u[cell] := case when starting_m[cell] > 0 then u[cell] / total else 0 end;
            end loop;
        end loop;
    end loop;
    -- Of a related class only what it has of its own, numbered after the attributes of the matches.
    return query
    select
        (rates.place - 1) / levels + 1,
        (rates.place - 1) % levels,
        m[rates.place],
        u[(rates.place - 1) % cells + 1],
        shares[(rates.place - 1) / cells + 1]
    from generate_series(1, classes * cells) as rates (place)
    where starting_m[(rates.place - 1) % cells + 1] > 0 and is_own[(rates.place - 1) / levels + 1];
end
