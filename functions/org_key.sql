declare
    name text collate "C" := {{ function('fold_accents') }}(raw);
    word text collate "C";
    form text collate "C";
    words text[] collate "C";
    found text[] := '{}';
    first_word integer := 1;
    last_word integer;
    form_start integer;
begin
    if name is null then
        return null;
    end if;
    if name ~ '[])&/]' then
        if right(name, 1) in (')', ']') then
            word := regexp_replace(name, '(\s*(\([^()]*\)|\[[^][]*\]))+$', '');
            if {{ function('name_words') }}(word) <> '' then
                name := word;
            end if;
        end if;
        name := replace(name, '&', ' and ');
        if name like 'm/s%' then
            name := 'ms ' || substr(name, 4);
        end if;
    end if;
    name := {{ function('name_words') }}(name);
    if {{ filler_names() }}::jsonb ? name then
        return null;
    end if;
    words := string_to_array(name, ' ');
    if {{ connectors() }}::jsonb ?| words then
        words := array_remove(array_remove(array_remove(array_remove(words, 'and'), 'the'), 'et'), 'und');
        name := array_to_string(words, ' ');
    end if;
    if ' ' || name || ' ' ~ ' [a-z0-9] [a-z0-9] ' then
        -- A control character, which no word holds, marks what is to be joined to the word before.
        for place in 1 .. cardinality(words) loop
            found := found || case
                when words[place] ~ '^[a-z0-9]$' and words[place - 1] ~ '^[a-z0-9]$' then E'\x01' || words[place]
                else words[place]
            end;
        end loop;
        found := string_to_array(replace(array_to_string(found, ' '), E' \x01', ''), ' ');
        words := array_remove(array_remove(array_remove(array_remove(found, 'and'), 'the'), 'et'), 'und');
        found := '{}';
    end if;
    last_word := cardinality(words);
    -- The longest legal form at the end, again and again (Co. Ltd.).
    while last_word > 0 and {{ legal_forms_last_words() }}::jsonb ? words[last_word] loop
        form := '';
        form_start := null;
        for place in reverse last_word .. greatest(1, last_word - 4) loop
            form := words[place] || form;
            if {{ legal_forms_at_end() }}::jsonb ? form then
                form_start := place;
            end if;
            form := ' ' || form;
        end loop;
        exit when form_start is null;
        last_word := form_start - 1;
    end loop;
    while first_word <= last_word and {{ legal_forms_at_start() }}::jsonb ? words[first_word] loop
        first_word := first_word + 1;
    end loop;
    words := words[first_word:last_word];
    if {{ org_words_map() }}::jsonb ?| words then
        foreach word in array words loop
            found := found || coalesce({{ org_words_map() }}::jsonb ->> word, word);
        end loop;
        words := found;
    end if;
    name := array_to_string(words, ' ');
    if name = '' or {{ filler_names() }}::jsonb ? name then
        return null;
    end if;
    return name;
end
