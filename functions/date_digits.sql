-- Nearly all are written as ISO 8601 has it.
select case
    when raw collate "C" ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then replace(raw, '-', '')
    when raw is not null then {{ function('odd_date_digits') }}(raw)
end
