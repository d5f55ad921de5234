declare
    given text := {{ function('check_argument') }}(argument, value, 200);
    number text := {{ function('normalize_phone') }}(given, region);
begin
    if given is not null and number is null then
        raise invalid_parameter_value using
            message = format(
                'The argument %s is no phone number: %s.', argument, {{ function('why_not_phone') }}(given, region)
            ),
            hint = 'Send it with its country code (+91 …), or say the country.';
    end if;
    return number;
end
