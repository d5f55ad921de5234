-- What follows the language in a tag (fr-CA, fr_FR.UTF-8, or a list of tags) says nothing about it.
select {{ languages_map() }}::jsonb ->> case
    when raw collate "C" ~ '^[A-Za-z]+$' then lower(raw collate "C")
    when raw collate "C" ~ '^\s*[A-Za-z]{2,3}[-_.,;]' then substring(lower(raw collate "C") from '[a-z]+')
    else regexp_replace({{ function('fold_accents') }}(raw) collate "C", {{ not_in_name_keys() }}, '', 'g')
end
