-- The roles of customer360. Run this as a role with CREATEROLE; it may be run again. They belong to the whole server.
-- The next build grants them what they need, and nothing beyond it:
--   c360_reader   the masked views (schema <target>_masked)
--   c360_app      the functions of the schema api
--   c360_admin    everything that the project keeps, read only; decisions with c360 link and c360 separate
-- Nobody logs in as one of them. Give a login what it needs: grant c360_reader to ana;
do $$
declare
    wanted text;
begin
    foreach wanted in array array['c360_reader', 'c360_app', 'c360_admin'] loop
        if to_regrole(wanted) is null then
            execute format('create role %I nologin', wanted);
        end if;
    end loop;
end
$$;
