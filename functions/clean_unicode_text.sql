declare
    cleaned text collate "C" := {{ function('limit_marks') }}(raw);
begin
    cleaned := regexp_replace(cleaned, {{ invisible_strays() }}, '', 'g');
    cleaned := {{ function('limit_marks') }}(normalize(cleaned, nfc));
    -- Between letters of Arabic and Indian scripts a joiner is spelling; elsewhere it is a stray too. Marks that
    -- move when one is gone may leave another without its letter; that is no spelling, so all of them go.
    if cleaned ~ {{ stray_joiners() }} then
        cleaned := regexp_replace(cleaned, {{ stray_joiners() }}, '', 'g');
        cleaned := {{ function('limit_marks') }}(normalize(cleaned, nfc));
        if cleaned ~ {{ stray_joiners() }} then
            cleaned := {{ function('limit_marks') }}(normalize(translate(cleaned, chr(8204) || chr(8205), ''), nfc));
        end if;
    end if;
    cleaned := regexp_replace(
        cleaned, '[\s\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+', ' ', 'g'
    );
    return nullif(btrim(cleaned, ' '), '');
end
