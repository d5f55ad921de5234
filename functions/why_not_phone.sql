-- Why normalize_phone gives NULL; NULL where it gives a number.
declare
    cleaned text collate "C" := {{ function('phone_text') }}(raw);
    digits text collate "C" := regexp_replace(cleaned, '[^0-9]+', '', 'g');
begin
    return case
        when raw is null or raw collate "C" !~ '[^ \t\r\n]' then 'empty'
        when length(raw) > 250 then 'long_text'
        when cleaned is null then 'spreadsheet_number'
        when digits = '' then 'no_digits'
        when {{ function('normalize_phone') }}(raw, default_region) is not null then null
        when length(digits) < 7 then 'too_few_digits'
        when length(digits) > 17 then 'too_many_digits'
        when cleaned ~ '^[^0-9]*[+]' then 'not_assigned'
        when {{ function('phone_region_keys') }}() ->> upper(default_region collate "C") is null then 'no_region'
        else 'not_assigned'
    end;
end
