declare
    given text := {{ function('check_argument') }}('email', value, 500);
    address text := {{ function('normalize_email') }}(given);
begin
    if given is not null and address is null then
        raise invalid_parameter_value using
            message = 'The argument email is no email address.',
            hint = 'Send one address, name@domain, or leave it out.';
    end if;
    return address;
end
