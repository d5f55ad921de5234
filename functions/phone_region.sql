-- The region that an E.164 number belongs to; 001 is none, as for +800. Its two letters are the label without the kind.
declare
    letters int := case
        when e164 collate "C" ~ '^[+][1-9][0-9]+$' then nullif({{ function('phone_block') }}(substr(e164, 2)), 0) / 16
    end;
begin
    return case
        when letters < 26 * 26 then chr(65 + letters / 26) || chr(65 + letters % 26)
        when letters is not null then '001'
    end;
end
