declare
    word text collate "C";
    initials text collate "C" := '';
begin
    foreach word in array coalesce({{ function('name_tokens') }}(raw), '{}') loop
        if word ~ '^[a-z0-9]$' then
            initials := initials || word;
            exit when length(initials) = 10;
        elsif initials <> '' then
            exit;
        elsif word <> 'the' and not {{ legal_forms_at_start() }}::jsonb ? word then
            return word;
        end if;
    end loop;
    return nullif(initials, '');
end
