-- The numbers of a text (from phone_text), country code first, in its order; `plain` and `whole` are what phone_plain
-- and phone_reading make of all of it. They are the pieces that separators, then words, leave, unless they are short (a
-- year, an extension). Where a piece remains unread and no word is there, all digits are taken together; where nothing
-- else is found, letters are digits.
declare
    part text collate "C";
    run text collate "C";
    numbers text[];
    found text[] := '{}';
    unread boolean := false;
    reading text collate "C";
begin
    if cleaned is null or length(cleaned) > 250 or cleaned !~ '[0-9].*[0-9].*[0-9]'
        -- not enough digits for a second number, which a space needs more clearly than another separator
        or (whole is null and length(plain) <= case when cleaned ~ '[^0-9+ ().-]' then 11 else 15 end) then
        return array_remove(array[whole], null);
    end if;
    -- 1) 98765 43210 2) 91234 56780
    foreach part in array regexp_split_to_array(
        regexp_replace(replace(cleaned, '+', '|+'), '(^| )[1-9][)] +', '|', 'g'), '[,;|&\n\r\t\\]+'
    ) loop
        continue when part !~ '[0-9]';
        reading := case when part <> cleaned then
            {{ function('phone_reading') }}({{ function('phone_plain') }}(part, false), default_region, false)
        end;
        if reading is not null then
            found := found || reading;
            continue;
        end if;
        unread := true;
        foreach run in array regexp_split_to_array(part, '[^-+0-9 ()./]+') loop
            numbers := {{ function('phone_run') }}(run, default_region);
            if numbers = '{}' and strpos(run, '/') > 0 then  -- 022-23456789/90
                numbers := {{ function('phone_run') }}(split_part(run, '/', 1), default_region);
            end if;
            found := found || numbers;
        end loop;
    end loop;
    if whole is not null then
        return case when found[1] = whole then found else array[whole] end;
    end if;

    if unread and cleaned !~ '[a-z]|[0-9].*[+]' then
        reading := {{ function('phone_reading') }}(regexp_replace(cleaned, '[^0-9+]+', '', 'g'), default_region, false);
    elsif found = '{}' then
        reading := {{ function('phone_reading') }}({{ function('phone_plain') }}(cleaned, true), default_region, false);
    else
        reading := null;
    end if;
    return case when reading is null then found else array[reading] end;
end
