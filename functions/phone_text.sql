-- A text in which phone numbers are to be found: in small letters, digits and punctuation of every script in ASCII,
-- without e-mail addresses, WhatsApp ids as +digits; NULL where a spreadsheet destroyed the number.
declare
    cleaned text collate "C" := lower(raw collate "C");
begin
    if length(cleaned) > 250 then
        return null;
    end if;
    if octet_length(cleaned) > length(cleaned) then
        cleaned := replace(replace(cleaned, E'\u00a0', ' '), E'\u2011', '-');  -- most often it is only these
    end if;
    if octet_length(cleaned) > length(cleaned) then
        cleaned := {{ function('phone_ascii') }}(cleaned);
    end if;
    if cleaned !~ '@|whatsapp|wa[.]me/|[0-9][.]0|[0-9]e[+0-9]|[0-9]:[0-9]' then
        return cleaned;
    end if;

    -- WhatsApp still knows Brazilian mobile numbers by the eight digits that they had before 2016.
    cleaned := regexp_replace(cleaned, '(^|[^0-9])55([1-9]{2})([689][0-9]{7}(:[0-9]+)?@)', '\1 55\29\3');
    cleaned := regexp_replace(cleaned, '([0-9]+)(:[0-9]+)?@(s[.]whatsapp[.]net|c[.]us)', ' +\1 ', 'g');
    cleaned := regexp_replace(cleaned, '[^ ,;<>"]+@([a-z0-9-]+[.])*[a-z]+', ' ', 'g');
    cleaned := regexp_replace(
        cleaned,
        '(https?://)?(wa[.]me/|[a-z.]*whatsapp([.]com/|://)send[^ ]*[?&]phone=|whatsapp:(?=[+]|[0-9]{11}))([+ ]|%2b)*',
        '+', 'g'
    );
    cleaned := regexp_replace(
        cleaned, '\m([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4})[t ]+[0-9]{1,2}(:[0-9.]+)+',
        ' ', 'g'
    );  -- 2024-01-31 10:30
    return case
        when cleaned ~ '^[ =''"]*[+]?[0-9]+[.,]?[0-9]*e[+]?[0-9]+[ ''"]*$' then null  -- 9.87654E+09
        when cleaned ~ '^[ =''"]*[0-9]{6,}[.]0+[ ''"]*$' then split_part(cleaned, '.', 1)  -- 9876543210.0
        else cleaned
    end;
end
