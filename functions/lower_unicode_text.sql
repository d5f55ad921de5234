-- Taken apart, an accented letter is an ASCII letter and a mark; few letters are left that need a table.
declare
    changed text collate "C" := lower(normalize({{ function('limit_marks') }}(raw), nfd) collate "C");
begin
    if changed ~ '[\u0080-\u02ff\u1e9e]' then
        changed := translate(changed, {{ latin_upper() }}, {{ latin_lower() }});
    end if;
    if changed ~ '[\u0370-\u058f]' then
        changed := translate(changed, {{ other_upper() }}, {{ other_lower() }});
    end if;
    return {{ function('limit_marks') }}(normalize(changed, nfc));
end
