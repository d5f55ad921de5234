-- The number, country code first, that a plain string (digits, perhaps after a +) stands for; NULL where it is none.
-- Readings are tried in libphonenumber's order and the first that exists wins; where we go further stands beside it.
declare
    digits text collate "C" := ltrim(plain, '+');
    region_key text collate "C";
    code text collate "C";
    dialled int;
    reading text collate "C";
begin
    if length(digits) not between 4 and 24 then
        return null;
    end if;
    if plain ^@ '+' then
        reading := {{ function('phone_international') }}(digits);
        if reading is not null or not digits ^@ '0' then
            return reading;
        end if;
    end if;

    region_key := {{ function('phone_region_keys') }}() ->> upper(default_region collate "C");
    if region_key is not null then
        code := ltrim(left(region_key, 3), '0');
        dialled := {{ function('phone_prefix_rule') }}(region_key, digits) / 1000 % 10;
        if dialled > 0 then
            if digits ^@ ('00' || code) then  -- ours: Colombia's 005 would swallow the 5 of its own 57
                reading := {{ function('phone_international') }}(substr(digits, 3));
            end if;
            if reading is null and substr(digits, dialled + 1, 1) <> '0' then
                reading := {{ function('phone_international') }}(substr(digits, dialled + 1));
            end if;
        end if;
        reading := coalesce(reading, {{ function('phone_national') }}(region_key, digits));
        if reading is null and digits ^@ code then
            reading := {{ function('phone_national') }}(region_key, substr(digits, length(code) + 1));
        end if;
    end if;
    if reading is null and digits ^@ '00' and length(digits) > 10 then  -- ours: 00 where it is not the prefix to dial
        reading := {{ function('phone_international') }}(substr(digits, 3));
    end if;
    if reading is null and digits ^@ ('0' || code) then  -- ours: 091 98765 43210
        reading := {{ function('phone_national') }}(region_key, substr(digits, length(code) + 2));
    end if;
    if reading is null and digits ^@ '521' then
        digits := regexp_replace(digits, '^521(?=[0-9]{10}$)', '52');  -- the 1 that ended in 2019, in WhatsApp ids to this day
    end if;
    if reading is null and alone and length(digits) >= 12 and not digits ^@ coalesce(code, '+')
        and {{ function('phone_block') }}(digits) % 16 in (10, 11) then  -- ours: a foreign mobile number, no plus
        reading := digits;
    end if;
    return reading;
end
