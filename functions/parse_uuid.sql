select nullif(nullif(case
    when octet_length(raw) = 36 and raw like '________-____-____-____-____________'
        and octet_length(replace(raw, '-', '')) = 32 and raw collate "C" ~ '^[0-9A-Fa-f-]+$' then raw::uuid
    when octet_length(raw) = 32 and raw collate "C" ~ '^[0-9A-Fa-f]+$' then raw::uuid
    when octet_length(raw) between 33 and 60
        and raw collate "C" ~ (
            '^\s*(\{[0-9A-Fa-f]{8}(-?[0-9A-Fa-f]{4}){4}[0-9A-Fa-f]{8}\}'
            '|[0-9A-Fa-f]{8}(-?[0-9A-Fa-f]{4}){4}[0-9A-Fa-f]{8})\s*$'
        )
        then translate(raw, E' {}-\t\r\n\v\f', '')::uuid
end, '00000000-0000-0000-0000-000000000000'), 'ffffffff-ffff-ffff-ffff-ffffffffffff')
