declare
    folded text collate "C" := {{ function('limit_marks') }}(raw);
begin
    -- As a compatibility character the acute accent by itself is a space and a mark.
    folded := normalize(replace(folded, '´', ''''), nfkd);
    folded := lower(regexp_replace(folded, {{ marks_and_strays() }}, '', 'g'));
    if octet_length(folded) = char_length(folded) then
        return folded;
    end if;
    if folded ~ '[\u0370-\u058f]' then
        folded := translate(folded, {{ other_upper() }}, {{ other_lower() }});
    end if;
    if folded ~ '[\u0080-\u02ff\u03c2\u1e9e\u2000-\u206f\u2212\u3001\u060c]' then
        folded := translate(folded, {{ latin_upper() }}, {{ latin_lower() }});
        folded := translate(folded, {{ letters_special() }}, {{ letters_special_folded() }});
        folded := replace(replace(replace(replace(folded, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
    end if;
    return {{ function('limit_marks') }}(normalize(folded, nfkc));
end
