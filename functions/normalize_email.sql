-- Nearly all are plain already; of up to 64 characters, no label of the domain can be too long.
select case
    when octet_length(raw) <= 64 and raw collate "C" ~ {{ plain_email() }} then lower(raw collate "C")
    when raw <> '' then {{ function('normalize_odd_email') }}(raw)
end
