declare
    cleaned text collate "C" := {{ function('clean_text') }}(raw);
    found text collate "C";
begin
    if octet_length(cleaned) <> char_length(cleaned) then
        cleaned := {{ function('clean_text') }}(normalize(cleaned, nfkc));
        cleaned := translate(cleaned, '“”„«»‘’、،؛。', '"""""'''',,;.');
    end if;
    if cleaned is null or position('@' in cleaned) = 0 then
        return null;
    end if;
    cleaned := {{ function('lower_text') }}(cleaned);
    if {{ function('is_email') }}(cleaned) then
        return cleaned;
    elsif octet_length(cleaned) > 2000 then
        return null;
    end if;
    -- 'Maria <maria@x.com>' names it; else it is the first of a list or stands before a remark. A word before
    -- it that no sign separates may be half of the address, and a domain without a dot half of a domain.
    if position('<' in cleaned) > 0 then
        found := btrim(split_part(split_part(cleaned, '<', 2), '>', 1), ' ');
        found := case when found like 'mailto:%' then substr(found, 8) else found end;
        if {{ function('is_email') }}(found) then
            return found;
        end if;
    end if;
    cleaned := regexp_replace(cleaned, '^mailto:/+|^"([^\s,;|:<>"()\[\]@]+)"(?=@)', '\1');  -- "maria.lopez"@x.com
    found := substring(
        cleaned from '^(?:[^@]*[,;|:<>"()\[\]])?\s*([^\s,;|:<>"()\[\]@]+@[^\s,;|:<>"()\[\]@/&\\]+)'
    );
    found := regexp_replace(found, '^mailto:|\?.*$', '', 'g');
    if left(found, 1) = '''' and right(found, 1) = '''' then
        found := btrim(found, '''');
    end if;
    found := rtrim(found, './''');
    if position('.' in split_part(found, '@', 2)) > 0 and {{ function('is_email') }}(found) then
        return found;
    end if;
    return null;
end
