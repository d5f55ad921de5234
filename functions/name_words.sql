-- Outside ASCII, what an apostrophe kept apart may compose when it is gone.
select case
    when folded collate "C" ~ '^[a-z0-9]+( [a-z0-9]+)*$' then folded
    when octet_length(folded) = char_length(folded) then btrim(
        regexp_replace(translate(folded, '''`', '') collate "C", '[^a-z0-9]+', ' ', 'g'), ' '
    )
    else btrim(
        regexp_replace(
            normalize(translate(folded, '''`', ''), nfkc) collate "C", {{ no_part_of_a_word() }}, ' ', 'g'
        ), ' '
    )
end
