-- Digits that begin with a country code: the number itself, or one that kept its trunk prefix (+44 (0)20 7946 0958).
declare
    code int;
begin
    if {{ function('phone_block') }}(digits) > 0 then
        return digits;
    end if;
    code := {{ function('phone_prefix_rule') }}('00000', digits);
    return {{ function('phone_national') }}(
        {{ function('phone_region_keys') }}() ->> ('+' || left(digits, code)), substr(digits, code + 1)
    );
end
