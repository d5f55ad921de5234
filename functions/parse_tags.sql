declare
    written text collate "C" := btrim(raw, E' \t\r\n');
    tags text[];
begin
    if written is null or written in ('', '[]', '{}', 'null') then
        return '[]';
    end if;
    if left(written, 1) = '[' then
        -- A cast that fails would end the query, and a block that catches it cannot run in a parallel worker
        -- before PostgreSQL 17; so only what is certain to be an array of plain values gets that far.
        if written !~ ('^\[\s*(' || {{ json_scalar() }} || ')(\s*,\s*(' || {{ json_scalar() }} || '))*\s*\]$')
            or written ~ '\\u0000|[0-9]{200}' then
            return '[]';
        end if;
        tags := array(select jsonb_array_elements_text(written::jsonb));
    else
        if left(written, 1) = '{' then
            if written !~ '^\{[^][{}"\\]*\}$' then
                return '[]';
            end if;
            written := btrim(written, '{}');
        end if;
        tags := string_to_array(translate(written, ';', ','), ',');
    end if;
    return coalesce((
        select jsonb_agg(found.tag order by found.tag collate "C")
        from (select distinct {{ function('clean_text') }}(tag) as tag from unnest(tags) as tag) as found
        where found.tag is not null
    ), '[]');
end
