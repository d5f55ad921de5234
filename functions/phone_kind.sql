-- What an E.164 number is for, in libphonenumber's words; the order is that of KINDS in scripts/phone_plan.py.
begin
    return case when e164 collate "C" ~ '^[+][1-9][0-9]+$' then (
        '{premium_rate, toll_free, shared_cost, voip, personal_number, pager, uan, voicemail, fixed_line, mobile,
          fixed_line_or_mobile}'::text[]
    )[{{ function('phone_block') }}(substr(e164, 2)) % 16] end;
end
