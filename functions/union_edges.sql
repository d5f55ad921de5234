-- Union-find after Rem: one array of parents, in which a parent is always smaller than its child, so that the root of a
-- component is its smallest member. A record without a parent is a root, or in no edge at all. Every statement is
-- executed a million times, so an edge is taken apart where it is used, and the commonest edge, whose larger end is still
-- a root, takes two of them.
{%- set larger = "(edge >> 32)::integer" %}
{%- set smaller = "(edge & 4294967295)::integer" %}
declare
    parent bigint[] := array_fill(null::bigint, array[highest::integer]);
    edge bigint;
    x bigint;
    y bigint;
    above bigint;
begin
    foreach edge in array edges loop
        if parent[{{ larger }}] is null then
            parent[{{ larger }}] := coalesce(parent[{{ smaller }}], edge & 4294967295);
        else
            x := parent[{{ larger }}];
            y := coalesce(parent[{{ smaller }}], edge & 4294967295);
            -- Whichever is larger gets the other as its parent; what was above it is joined with that in its turn.
            while x <> y loop
                if x > y then
                    above := parent[x];
                    parent[x] := y;
                    exit when above is null;
                    x := above;
                else
                    above := parent[y];
                    parent[y] := x;
                    exit when above is null;
                    y := above;
                end if;
            end loop;
        end if;
    end loop;

    -- One pass upwards finds every root, for a parent is smaller than its child; the first child of a root tells it from
    -- the records that are in no edge.
    for i in 1..highest loop
        if parent[parent[i]] is null then
            if parent[i] is not null then
                parent[parent[i]] := parent[i];
            end if;
        else
            parent[i] := parent[parent[i]];
        end if;
    end loop;
    return parent;
end
