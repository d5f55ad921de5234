select case
    when value is null then null
    when kind = 'phone' then {{ function('placeholder_phone_reason') }}(value)
    when kind = 'email' then {{ function('placeholder_email_reason') }}(value)
    else {{ function('placeholder_id_reason') }}(value)
end
