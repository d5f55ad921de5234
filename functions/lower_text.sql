-- lower() follows the database's locale, and in C leaves the accented letters alone; this one is the same everywhere.
select case
    when octet_length(raw) = char_length(raw) then lower(raw collate "C")
    else {{ function('lower_unicode_text') }}(raw)
end
