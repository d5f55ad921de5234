-- The digits that a text (from phone_text) dials, after a + if it had one; NULL if it does not look like one number.
-- What counts as punctuation, extension and vanity letters (which `spelled` reads) follows libphonenumber.
declare
    number text collate "C" := cleaned;
    context text collate "C";
begin
    if strpos(number, ';') > 0 then  -- RFC 3966: tel:2345-678;phone-context=+1-212;isub=1
        context := substring(number from ';phone-context=([+][^;]*)');
        number := split_part(split_part(number, ';isub=', 1), ';phone-context=', 1);
        number := case when context is null then number else context || regexp_replace(number, '^.*tel:', '') end;
    end if;
    number := rtrim(substring(number from '[+0-9].*'), ' ().-/');
    if number ~ '^[+]?[0-9 ().-/]*$' then
        return translate(number, ' ().-/', '');
    end if;

    number := regexp_replace(number, '[\\/] *x.*|[^0-9a-z#]+$', '');
    -- The longer an extension, the clearer the word that it wants; what has only two digits before it is none.
    context := regexp_replace(number, case
        when number ~ '[- ][0-9]{1,6}#$' then '[- ]+[0-9]+#$'
        when number !~ '[0-9]{10}#?$' then
            '(?:;ext=|e?xt(?:ensi[oó]?)?n?|[дД][оО][бБ]|anexo|[x#~]|int|[,;])[:.]?[ \t,-]*[0-9]+#?$'
        else
            '(?:;ext=|e?xt(?:ensi[oó]?)?n?|[дД][оО][бБ]|anexo|,,|;)[:.]?[ \t,-]*[0-9]{1,20}#?$'
    end, '');
    number := rtrim(case when context ~ '[0-9].*[0-9].*[0-9]' then context else number end, E' \t,');
    if number !~ '^[+]*(?:[-x ()./~*\[\]]*[0-9]){3}[-x ()./~*\[\]a-z0-9]*$' then
        return null;
    end if;
    if number ~ '[a-z].*[a-z].*[a-z]' then
        number := case
            when spelled then translate(number, 'abcdefghijklmnopqrstuvwxyz', '22233344455566677778889999')
        end;
    end if;
    return case when number ^@ '+' then '+' else '' end || regexp_replace(number, '[^0-9]+', '', 'g');
end
