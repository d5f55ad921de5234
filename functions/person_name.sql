-- 'Mr & Mrs Smith' are two, and keep their titles.
declare
    name text collate "C" := {{ function('clean_name') }}(raw);
    rest text collate "C" := name;
    dropped text collate "C";
begin
    while char_length(name) <= 200 loop
        dropped := {{ honorifics_map() }}::jsonb
            ->> {{ function('name_words') }}({{ function('fold_accents') }}(substring(rest from '^[^ .]+')));
        rest := substring(rest from '^[^ .]+[ .]+(.*)$');
        exit when dropped is null or rest is null or rest ~ '^([&+/-]|(and|y|e|et|und) )'
            or {{ function('clean_name') }}(rest) is null
            or dropped = 'sometimes' and {{ function('clean_name') }}(rest) !~ '[^ ] +[^ ]';
        name := rest;
    end loop;
    return case when name = {{ function('clean_name') }}(raw) then name else {{ function('clean_name') }}(name) end;
end
