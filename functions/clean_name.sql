declare
    cleaned text collate "C" := {{ function('clean_text') }}(raw);
    words text collate "C";
    stripped text collate "C";
    small text collate "C";
begin
    if cleaned is null then
        return null;
    end if;
    -- Longer than a name can be, it is not one, and is left as it is.
    if char_length(cleaned) > 200 then
        return case when {{ function('name_words') }}({{ function('fold_accents') }}(cleaned)) <> '' then cleaned end;
    end if;
    if right(cleaned, 1) in (')', ']') then
        stripped := rtrim(regexp_replace(cleaned, '(\s*(\([^()]*\)|\[[^][]*\]))+$', ''), ' ');
        cleaned := coalesce(nullif(stripped, ''), cleaned);
    end if;
    small := {{ function('fold_accents') }}(cleaned);
    words := {{ function('name_words') }}(small);
    if words = '' or {{ filler_names() }}::jsonb ? words
        or char_length(words) > 2 and ltrim(words, left(words, 1)) = '' then
        return null;
    end if;
    if cleaned ~ '[a-z]' and cleaned ~ '[A-Z]' then
        return cleaned;
    end if;
    small := {{ function('lower_text') }}(cleaned);
    if small = cleaned or {{ function('upper_text') }}(cleaned) = cleaned then
        return {{ function('title_text') }}(small);
    end if;
    return cleaned;
end
