-- Digits that name no country, read by one region's plan: the first reading that exists, country code first. The order
-- is libphonenumber's: trunk prefix off; trunk prefix and carrier off; as they are; the area put before them.
declare
    code text collate "C" := ltrim(left(region_key, 3), '0');
    rule int := {{ function('phone_prefix_rule') }}(region_key, digits);
    trunk int := rule % 10;
    area int := rule / 100 % 10;
    reading text collate "C";
begin
    foreach reading in array array[
        -- Argentina's mobile numbers: 0 + area + 15 + number at home, 9 + area + number from abroad
        case when area > 0 then code || '9' || substr(digits, trunk + 1, area) || substr(digits, trunk + area + 3) end,
        code || substr(digits, trunk + 1),
        case when rule >= 10 then code || substr(digits, rule / 10 % 10 + 1) end,
        case when rule >= 10 then code || digits end,
        case when rule >= 10000 then code || substr(region_key, 6) || digits end
    ] loop
        if {{ function('phone_block') }}(reading) > 0 then
            return reading;
        end if;
    end loop;
    return null;
end
