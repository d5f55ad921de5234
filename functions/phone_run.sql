-- The numbers in a run of digits and punctuation, where only spaces, slashes or hyphens can part one from the next: all
-- of the run has to be numbers, the longest first; else there are none.
declare
    words text[];
    first int := 1;
    plain text collate "C";
    reading text collate "C";
    found text[] := '{}';
begin
    if length(run) < 6 then
        return found;
    end if;
    words := string_to_array(regexp_replace(btrim(run, ' ./-'), '[ /-]+', ' ', 'g'), ' ');
    while first <= cardinality(words) loop
        reading := null;
        for final in reverse cardinality(words) .. first loop
            plain := translate(array_to_string(words[first:final], ''), '().', '');
            continue when length(plain) > 18;
            exit when length(plain) < 6;
            reading := {{ function('phone_reading') }}(plain, default_region, false);
            if reading is not null then
                found := found || reading;
                first := final + 1;
                exit;
            end if;
            exit when found = '{}' and final = cardinality(words) and length(plain) < 12;  -- too short for two
        end loop;
        if reading is null then
            return '{}';
        end if;
    end loop;
    return found;
end
