declare
    address text collate "C" := lower(value collate "C");
    local_part text collate "C" := split_part(split_part(address, '@', 1), '+', 1);
    domain text collate "C" := split_part(address, '@', 2);
begin
    local_part := translate(local_part, '._-', '');
    if local_part ~ '\d$' and local_part ~ '^(test|prueba|dummy|fake|essai|noemail)\d+$' then
        local_part := rtrim(local_part, '0123456789');
    end if;
    if local_part in (
        'test', 'tester', 'testing', 'testuser', 'noemail', 'nomail', 'na', 'none', 'null', 'nil', 'noone',
        'nobody', 'unknown', 'undefined', 'anonymous', 'dummy', 'fake', 'example', 'sample', 'asdf', 'asdfasdf',
        'qwerty', 'xxx', 'xxxx', 'sincorreo', 'sinemail', 'sinmail', 'notiene', 'notienecorreo', 'nocorreo',
        'noaplica', 'ninguno', 'prueba', 'pasdemail', 'sansmail', 'sansemail', 'aucun', 'inconnu', 'essai',
        'notprovided', 'notavailable', 'notgiven', 'noemailaddress', 'youremail', 'yourname', 'firstnamelastname',
        'nodata', 'notapplicable', 'desconocido'
    ) then
        return 'the local part says that there is no address';
    elsif domain ~ '(^|\.)(test|example|invalid|localhost)$' or domain ~ '(^|\.)example\.(com|org|net)$' then
        return 'the domain is reserved for examples';
    elsif domain in (
        'test.com', 'test.org', 'test.net', 'test.fr', 'test.es', 'test.co', 'test.in', 'testing.com',
        'noemail.com', 'nomail.com', 'no.com', 'none.com', 'null.com', 'na.com', 'invalid.com', 'fake.com',
        'fakemail.com', 'dummy.com', 'sample.com', 'domain.com', 'yourdomain.com', 'mydomain.com', 'xxx.com',
        'asdf.com', 'nowhere.com', 'noreply.com', 'sincorreo.com', 'notiene.com', 'correo.com', 'ejemplo.com',
        'exemple.com', 'exemple.fr', 'prueba.com', 'unknown.com', 'email.test', 'noaplica.com'
    ) then
        return 'the domain says that there is no address';
    elsif local_part = split_part(domain, '.', 1)
        and (length(local_part) <= 3 or local_part in ('email', 'mail', 'correo', 'user', 'name')) then
        return 'the same short word before and behind the @';
    end if;
    return null;
end
