-- Who is asking, by the claims of the request as PostgREST and Supabase set them; NULL when nobody says, or badly.
create or replace function {function}() returns uuid
language sql stable parallel safe set search_path = pg_catalog, pg_temp
as $body$
    select case
        when said.subject ~ '^[0-9A-Fa-f]{{8}}-([0-9A-Fa-f]{{4}}-){{3}}[0-9A-Fa-f]{{12}}$' then said.subject::uuid
    end
    from (
        select coalesce(
            nullif(current_setting('request.jwt.claim.sub', true), ''),
            nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
        ) as subject
    ) as said
$body$
