select coalesce(
    {{ extension_schema('pg_trgm') }}.similarity(own_a, own_b) < 0.3 and left(own_a, 3) <> left(own_b, 3),
    false
)
from (
    select
        (
            select string_agg(word, ' ' order by place)
            from unnest(string_to_array(name_a, ' ')) with ordinality as words (word, place)
            where word <> all(string_to_array(name_b, ' '))
        ) as own_a,
        (
            select string_agg(word, ' ' order by place)
            from unnest(string_to_array(name_b, ' ')) with ordinality as words (word, place)
            where word <> all(string_to_array(name_a, ' '))
        ) as own_b
) as own
