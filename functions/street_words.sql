-- A street without what people leave out or abbreviate; a street of nothing else (North Avenue) keeps its words.
select coalesce(
    nullif(
        array(
            select word
            from unnest(string_to_array(street, ' ')) with ordinality as words (word, place)
            where word <> '' and not {{ street_fillers() }}::jsonb ? word
            order by place
        ),
        '{}'
    ),
    string_to_array(nullif(street, ''), ' ')
)
