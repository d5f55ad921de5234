-- A function, not a subquery where it is used: parallel workers run no subquery that refers to the row around it.
select bit_or(1::bigint << (hashtextextended(trigrams.trigram collate "C", 0) & 63)::integer)
from unnest({{ extension_schema("pg_trgm") }}.show_trgm(value)) as trigrams (trigram)
