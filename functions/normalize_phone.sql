-- One phone number as E.164. Most inputs are plain, and for most of those the first reading is the number; the rest of
-- this function only saves phone_reading the work, which would give the same answer.
declare
    plain text collate "C";
    cleaned text collate "C";
    region_key text collate "C";
    rule int;
    reading text collate "C";
begin
    -- .0 at the end of one long number is a spreadsheet's; replace() costs a third of what translate() does.
    if octet_length(raw) <= 250 and raw collate "C" !~ '[^0-9 ()./+-]|.[+]'
        and (strpos(raw, '.0') = 0 or raw collate "C" !~ '^ *[0-9]{6,}[.]0+ *$') then
        plain := replace(replace(replace(replace(replace(replace(raw, ' ', ''), '-', ''), '(', ''), ')', ''), '.', ''), '/', '');
    else
        cleaned := {{ function('phone_text') }}(raw);
        if cleaned is null or cleaned !~ '[0-9]' then
            return null;
        end if;
        plain := {{ function('phone_plain') }}(cleaned, false);
    end if;

    if plain ^@ '+' then
        reading := substr(plain, 2);
    else
        region_key := {{ function('phone_region_keys') }}() ->> default_region;
        rule := {{ function('phone_prefix_rule') }}(region_key, plain);
        -- without an international prefix and Argentina's 15
        reading := case when rule < 100 then ltrim(left(region_key, 3), '0') || substr(plain, rule % 10 + 1) end;
    end if;
    if {{ function('phone_block') }}(reading) > 0 then
        return '+' || reading;
    elsif rule = 0 and {{ function('phone_block') }}(plain) > 0 and plain ^@ ltrim(left(region_key, 3), '0') then
        return '+' || plain;
    end if;

    reading := {{ function('phone_reading') }}(
        plain,
        default_region,
        (cleaned is null and strpos(raw, '/') = 0)
        or coalesce(cleaned, raw) collate "C" !~ '[0-9][^0-9]*[^0-9 ().-][^0-9]*[0-9]'
    );
    if reading is null and (plain is null or length(plain) > 11) then  -- not one number, perhaps several
        reading := ({{ function('phone_pieces') }}(coalesce(cleaned, raw) collate "C", plain, null, default_region))[1];
    end if;
    return '+' || reading;
end
