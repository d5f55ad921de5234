select case
    when octet_length(raw) <> char_length(raw) then {{ function('clean_unicode_text') }}(raw)
    when raw collate "C" ~ '^\s|\s\s|\s$|[\t-\r]'
        then nullif(btrim(regexp_replace(raw collate "C", '\s+', ' ', 'g'), ' '), '')
    else nullif(raw, '')
end
