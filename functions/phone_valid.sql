-- Whether a text is the E.164 form of a number that exists, as libphonenumber's is_valid_number has it.
begin
    return e164 collate "C" ~ '^[+][1-9][0-9]+$' and coalesce({{ function('phone_block') }}(substr(e164, 2)), 0) > 0;
end
