-- 'Mr & Mrs Smith' are two, and keep their titles.
declare
    name text collate "C" := {{ function('clean_name') }}(raw);
    rest text collate "C";
    dropped text collate "C";
begin
    while char_length(name) <= 200 loop
        dropped := {{ honorifics_map() }}::jsonb
            ->> {{ function('name_words') }}({{ function('fold_accents') }}(substring(name from '^[^ .]+')));
        exit when dropped is null;
        rest := {{ function('clean_name') }}(substring(name from '^[^ .]+[ .]+(.*)$'));
        exit when rest is null or rest ~ '^([&+/-]|(and|y|e|et|und) )' or dropped = 'sometimes' and rest !~ ' ';
        name := rest;
    end loop;
    return name;
end
