-- Normalizing sorts the marks behind a letter, in time that grows with the square of their number;
-- 30 are what Unicode's stream-safe format allows, and no writing comes near.
select case
    when octet_length(raw) > 1000 and raw collate "C" ~ {{ flood_of_marks() }}
        then regexp_replace(raw collate "C", {{ flood_of_marks() }}, '\1', 'g')
    else raw
end
