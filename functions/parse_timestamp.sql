declare
    written text collate "C" := raw;
    shape text collate "C" := translate(left(raw, 19), '123456789', '000000000');
    day_text text collate "C";
    time_text text collate "C";
    day integer;
    month integer;
    year integer;
begin
    -- Whatever passes is a moment that exists, written in full with its offset: the cast cannot fail, and
    -- neither DateStyle nor TimeZone has a say. Most pass here; the 29th to the 31st take the long way.
    if shape in ('0000-00-00T00:00:00', '0000-00-00 00:00:00', '0000-00-00')
        and substr(written, 6, 2) between '01' and '12' and substr(written, 9, 2) between '01' and '28'
        and left(written, 4) > '0000' then
        if length(written) = 10 then
            return (written || ' 00:00:00+00')::timestamptz;
        elsif substr(written, 12, 2) <= '23' and substr(written, 15, 2) <= '59' and substr(written, 18, 2) <= '59'
            and length(written) < 40 then
            if substr(written, 20) ~ '^(\.[0-9]+)?Z?$' then
                return (rtrim(written, 'Z') || '+00')::timestamptz;
            elsif substr(written, 20) ~ '^(\.[0-9]+)?[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?$' then
                return written::timestamptz;
            end if;
        end if;
    end if;
    written := btrim(written, E' \t\r\n');
    if written is null or octet_length(written) > 60 then
        return null;
    elsif written ~ '^[1-9][0-9]+$' then
        return case length(written)
            when 10 then to_timestamp(written::bigint)
            when 13 then to_timestamp(written::bigint / 1000.0)
        end;
    end if;
    if substr(written, 11, 1) = 'T' then
        day_text := left(written, 10);
        time_text := substr(written, 12);
    else
        day_text := rtrim(split_part(written, ' ', 1), 'Z');
        time_text := ltrim(substr(written, length(split_part(written, ' ', 1)) + 1), ' ');
    end if;
    -- The year first, or the day first as Europe and Latin America write it.
    if day_text ~ '^[0-9]{4}-[0-9][0-9]-[0-9][0-9]$' then
        year := left(day_text, 4);
        month := substr(day_text, 6, 2);
        day := substr(day_text, 9, 2);
    elsif day_text ~ '^[0-9][0-9]?([/][0-9][0-9]?[/]|[.][0-9][0-9]?[.]|[-][0-9][0-9]?[-])[0-9]{4}$' then
        day_text := translate(day_text, '/.', '--');
        day := split_part(day_text, '-', 1);
        month := split_part(day_text, '-', 2);
        year := split_part(day_text, '-', 3);
    else
        return null;
    end if;
    if year = 0 or day = 0 or month not between 1 and 12 or day > (case
        when month <> 2 then 30 + (month + month / 8) % 2
        when year % 4 = 0 and (year % 100 <> 0 or year % 400 = 0) then 29
        else 28
    end) then
        return null;
    end if;
    if time_text = '' then
        time_text := '00:00';
    elsif time_text !~ (
        '^([0-9]|[01][0-9]|2[0-3]):[0-5][0-9](:([0-5][0-9]|60)([.,][0-9]+)?)?'
        ' ?(Z|UTC|GMT|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?$'
    ) then
        return null;
    end if;
    time_text := translate(rtrim(time_text, 'ZUTCGM '), ',', '.');
    if time_text !~ '[+-]' then
        time_text := time_text || '+00';
    end if;
    return (lpad(year::text, 4, '0') || '-' || month::text || '-' || day::text || ' ' || time_text)::timestamptz;
end
