declare
    piece text collate "C";
    titled text collate "C" := '';
begin
    if small is null then
        return null;
    end if;
    if octet_length(small) = char_length(small) then
        titled := initcap(small collate "C");
        if position('''S' in titled) > 0 then
            titled := regexp_replace(titled, '''S(?![A-Za-z0-9])', '''s', 'g');
        end if;
        return titled;
    end if;
    if position(E'\x01' in small) > 0 then
        return small;
    end if;
    -- A mark stands where a word begins, then every piece begins with what is to be a capital.
    foreach piece in array string_to_array(
        replace(replace(replace(replace(replace(replace(replace(
            small, ' ', E' \x01'), '-', E'-\x01'), '''', E'''\x01'), '’', E'’\x01'),
            '.', E'.\x01'), '(', E'(\x01'), '/', E'/\x01'),
        E'\x01'
    ) loop
        titled := titled || {{ function('upper_text') }}(left(piece, 1)) || substr(piece, 2);
    end loop;
    return normalize(titled, nfc);
end
