declare
    national text collate "C" := regexp_replace(value collate "C", '\D', '', 'g');
begin
    -- Calling codes are 1, 7, or two digits, or three; none begins another.
    if left(value, 1) = '+' then
        national := regexp_replace(
            national,
            '^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]'
            '|2[1-689]\d|3[578]\d|42\d|5[09]\d|6[7-9]\d|8[0578]\d|9[679]\d)',
            ''
        );
    end if;
    if national = '' then
        return 'no digits';
    elsif ltrim(national, left(national, 1)) = '' then
        return 'one digit repeated';
    elsif length(national) > 8 and ltrim(right(national, 8), right(national, 1)) = '' then
        return 'ends in one digit repeated';
    elsif length(national) >= 6 and position(national in '0123456789012345') > 0 then
        return 'digits counting up';
    elsif length(national) >= 6 and position(national in '9876543210987654') > 0 then
        return 'digits counting down';
    end if;
    return null;
end
