-- Gmail ignores dots and has a second domain, Proton ignores more and has three; these and others drop what
-- follows a plus. An address that would be left without a local part is its own key.
select case
    when split_part(email, '@', 2) in ('gmail.com', 'googlemail.com') then coalesce(
        nullif(replace(split_part(split_part(email, '@', 1), '+', 1), '.', ''), '') || '@gmail.com', email
    )
    when split_part(email, '@', 2) in ('protonmail.com', 'proton.me', 'pm.me') then coalesce(
        nullif(translate(split_part(split_part(email, '@', 1), '+', 1), '._-', ''), '') || '@proton.me', email
    )
    when split_part(email, '@', 2) in (
        'outlook.com', 'outlook.es', 'outlook.fr', 'outlook.in', 'outlook.co', 'msn.com',
        'hotmail.com', 'hotmail.es', 'hotmail.fr', 'hotmail.co.uk', 'live.com', 'live.fr', 'live.co.uk',
        'icloud.com', 'me.com', 'mac.com', 'fastmail.com',
        'zoho.com', 'zohomail.com', 'zohomail.in', 'yandex.com', 'yandex.ru'
    ) then coalesce(
        nullif(split_part(split_part(email, '@', 1), '+', 1), '') || '@' || split_part(email, '@', 2), email
    )
    else email
end
