-- Fewer than fourteen digits are no two numbers, and few texts have more: only those are searched.
select case
    when length(raw) >= 15 and raw collate "C" ~ '([0-9][^0-9]*){14}'
        then ({{ function('phone_candidates') }}(raw, default_region))[2]
end
