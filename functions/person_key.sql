declare
    words text[] collate "C" := {{ function('name_tokens') }}(raw);
    word text collate "C";
    place integer;
begin
    if cardinality(words) > 12 then
        return (select string_agg(each_word, ' ' order by each_word collate "C") from unnest(words) as each_word);
    end if;
    for next_place in 2 .. coalesce(cardinality(words), 0) loop
        word := words[next_place];
        place := next_place;
        while place > 1 and words[place - 1] > word loop
            words[place] := words[place - 1];
            place := place - 1;
        end loop;
        words[place] := word;
    end loop;
    return array_to_string(words, ' ');
end
