-- Values are not repeated in the message: it goes to logs.
declare
    problem text := {{ function('text_problem') }}(value, longest);
begin
    if problem is not null then
        raise invalid_parameter_value using
            message = format('The argument %s cannot be taken: %s.', argument, problem),
            hint = 'Send it as plain text without control characters, or leave it out.';
    end if;
    return nullif(btrim(value), '');
end
