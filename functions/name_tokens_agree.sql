declare
    fewer text[] := {{ function('name_tokens') }}(a);
    more text[] := {{ function('name_tokens') }}(b);
    swapped text[];
    word text collate "C";
    place integer;
    names text[];
    full_words text[] := '{}';
    initials text[] := '{}';
begin
    if fewer is null or more is null then
        return null;
    elsif cardinality(fewer)::bigint * cardinality(more) > 10000 then
        return fewer = more;
    end if;
    if cardinality(fewer) > cardinality(more) then
        swapped := fewer;
        fewer := more;
        more := swapped;
    end if;
    -- Words that both have first, so that no initial takes one that is needed.
    foreach word in array fewer loop
        place := array_position(more, word);
        if place is not null then
            more[place] := '';
        elsif char_length(word) = 1 then
            initials := initials || word;
        else
            full_words := full_words || word;
        end if;
    end loop;
    foreach word in array full_words loop
        names := string_to_array({{ nicknames_map() }}::jsonb ->> word, ' ');
        place := case when names is not null then 1 end;
        while place <= cardinality(more) loop
            exit when names && string_to_array({{ nicknames_map() }}::jsonb ->> more[place], ' ');
            place := place + 1;
        end loop;
        if place is null or place > cardinality(more) then
            place := array_position(more, left(word, 1));
        end if;
        if place is null then
            return false;
        end if;
        more[place] := '';
    end loop;
    foreach word in array initials loop
        place := 1;
        while left(more[place], 1) <> word loop
            place := place + 1;
        end loop;
        if place > cardinality(more) then
            return false;
        end if;
        more[place] := '';
    end loop;
    return true;
end
