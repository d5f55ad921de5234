-- Qualified, for the extension may stand in any schema; it knows the letters A to Z only.
select string_agg(distinct sounds, ' ' order by sounds)
from (
    select coalesce(
        case when word collate "C" ~ '^[a-z]+$' then nullif({{ extension_schema('fuzzystrmatch') }}.dmetaphone(word), '') end,
        word
    ) collate "C" as sounds
    from unnest({{ function('name_tokens') }}(raw)) as word
    where char_length(word) > 1
) as words
