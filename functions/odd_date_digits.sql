-- Whatever separates the parts, a date that begins with its year becomes YYYYMMDD; all else its digits.
select case
    when raw collate "C" ~ '^\s*[0-9]{4}[^0-9][0-9]{1,2}[^0-9][0-9]{1,2}(?![0-9])' then (
        select found[1] || lpad(found[2], 2, '0') || lpad(found[3], 2, '0')
        from regexp_match(raw collate "C", '^\s*([0-9]{4})[^0-9]([0-9]{1,2})[^0-9]([0-9]{1,2})') as found
    )
    when raw collate "C" ~ '^\s*[0-9]{1,2}[^0-9][0-9]{1,2}[^0-9][0-9]{4}\s*$' then (
        select found[3] || lpad(found[2], 2, '0') || lpad(found[1], 2, '0')
        from regexp_match(raw collate "C", '^\s*([0-9]{1,2})[^0-9]([0-9]{1,2})[^0-9]([0-9]{4})') as found
    )
    else nullif(regexp_replace(left(raw, 40) collate "C", '[^0-9]', '', 'g'), '')
end
