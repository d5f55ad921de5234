declare
    id text collate "C" := lower(btrim(value, E' \t\r\n') collate "C");
begin
    if id !~ '[a-z0-9\u0080-\U0010ffff]' then
        return 'no letter or digit';
    elsif id ~ '^[0.-]+$' then
        return 'all zeros';
    elsif id in (
        'n/a', 'na', 'n.a.', '#n/a', 'none', 'null', 'nil', 'nan', 'no', 'false', 'undefined', 'unknown', 'default',
        'anonymous', 'guest', 'test', 'tbd', 'x', 'xxx', '-1', 'desconocido', 'inconnu', 'ninguno', 'aucun'
    ) then
        return 'stands for nothing';
    end if;
    return null;
end
