declare
    folded text collate "C" := {{ function('fold_accents') }}(raw);
    name text collate "C";
    ahead text collate "C";
    words text[];
    word text collate "C";
    found text[] := '{}';
    unambiguous text[] := '{}';
begin
    if folded is null then
        return null;
    end if;
    if folded ~ '[][(,/]' then
        if folded like 'm/s%' then
            folded := 'ms ' || substr(folded, 4);
        end if;
        -- Ravi Kumar S/o Mohan Kumar
        name := regexp_replace(folded, '\([^()]*\)|\[[^][]*\]|\m[cdsw]/ ?o\M.*$', ' ', 'g');
        if {{ function('name_words') }}(name) <> '' then
            folded := name;
        end if;
        -- Behind a comma stand the given names, unless it is a title or a legal form.
        ahead := {{ function('name_words') }}(substr(folded, nullif(position(',' in folded), 0) + 1));
        if char_length(ahead) > 3 and {{ honorifics_map() }}::jsonb ? replace(ahead, ' ', '') then  -- Ph. D., M.B.B.S.
            folded := left(folded, position(',' in folded) - 1);
        elsif ahead <> '' and not {{ honorifics_map() }}::jsonb ? ahead
            and not {{ legal_forms_at_end() }}::jsonb ? replace(ahead, ' ', '') then
            folded := ahead || ' ' || left(folded, position(',' in folded) - 1);
        end if;
    end if;
    name := {{ function('name_words') }}(folded);
    if {{ filler_names() }}::jsonb ? name then
        return null;
    end if;
    words := string_to_array(name, ' ');
    if not {{ honorifics_map() }}::jsonb ?| words then
        return nullif(words, '{}');
    end if;
    foreach word in array words loop
        case {{ honorifics_map() }}::jsonb ->> word
            when 'always' then
                continue;
            when 'sometimes' then
                found := found || word;
            else
                found := found || word;
                unambiguous := unambiguous || word;
        end case;
    end loop;
    if cardinality(unambiguous) >= 2 then
        found := unambiguous;
    end if;
    if {{ filler_names() }}::jsonb ? array_to_string(found, ' ') then
        return null;
    end if;
    return nullif(found, '{}');
end
