-- Every phone number in a text, as E.164 in the text's order: the first is what normalize_phone gives.
declare
    cleaned text collate "C" := {{ function('phone_text') }}(raw);
    plain text collate "C" := {{ function('phone_plain') }}(cleaned, false);
    whole text collate "C" := {{ function('phone_reading') }}(
        plain, default_region, cleaned !~ '[0-9][^0-9]*[^0-9 ().-][^0-9]*[0-9]'
    );
    numbers text[] := {{ function('phone_pieces') }}(cleaned, plain, whole, default_region);
    found text[] := '{}';
begin
    for place in 1 .. cardinality(numbers) loop
        if array_position(numbers, numbers[place]) = place then
            found := found || ('+' || numbers[place]);
        end if;
    end loop;
    return found;
end
