-- Spelled ordinals become digits and a range of house numbers its first; what follows two spaces is a remark.
select string_agg(coalesce({{ ordinals() }}::jsonb ->> word, word), ' ' order by place)
from unnest(
    string_to_array(
        {{ function('name_words') }}(
            split_part(
                regexp_replace({{ function('fold_accents') }}(raw) collate "C", '^\s*([0-9]+)\s*-\s*[0-9]+', '\1'),
                '  ', 1
            )
        ),
        ' '
    )
) with ordinality as words (word, place)
