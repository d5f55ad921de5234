-- Of two letters only as a code stands: with signs or spaces in it, N/A is not Namibia.
select {{ countries_map() }}::jsonb ->> case
    when raw collate "C" ~ '^[A-Za-z]+$' then lower(raw collate "C")
    else nullif(
        regexp_replace(
            replace({{ function('fold_accents') }}(raw), '&', 'and') collate "C", {{ not_in_name_keys() }}, '', 'g'
        ), 'na'
    )
end
