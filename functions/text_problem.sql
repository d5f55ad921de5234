select case
    when raw collate "C" !~ '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]|\\(u0000|x00)'
        and (max_length is null or char_length(raw) <= max_length) then null
    when raw collate "C" ~ '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]'
        then 'control character U+' || lpad(
            upper(to_hex(ascii(substring(raw collate "C" from '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]')))), 4, '0'
        )
    when raw collate "C" ~ '\\(u0000|x00)' then 'stands for a NUL byte'
    when position(U&'\FFFD' in raw) > 0 then 'replacement character U+FFFD (decoded wrongly)'
    when char_length(raw) > max_length
        then 'longer than ' || max_length::text || ' characters (' || char_length(raw)::text || ')'
end
