-- Every phone number in a text, as E.164 in the text's order: the first is what normalize_phone gives.
declare
    cleaned text collate "C" := {{ function('phone_text') }}(raw);
    plain text collate "C" := {{ function('phone_plain') }}(cleaned, false);
    whole text collate "C" := {{ function('phone_reading') }}(
        plain, default_region, cleaned !~ '[0-9][^0-9]*[^0-9 ().-][^0-9]*[0-9]'
    );
begin
    return array(
        select '+' || number
        from unnest({{ function('phone_pieces') }}(cleaned, plain, whole, default_region))
            with ordinality as found(number, place)
        group by number order by min(place)
    );
end
