{#- A query for the commands that give the roles what they lack of what they need: grants, and for c360_admin a policy
    (`is_policy`) on each table under row-level security. Tables that a build makes anew are left out: their grants would
    go. -#}
{% macro missing_grants() %}
    {%- set base = target.schema -%}
    {%- set kept = [] -%}
    {%- for node in graph.nodes.values()
        if node.package_name == project_name
            and (node.resource_type in ["seed", "snapshot"] or node.config.materialized in ["upsert", "view"])
            and node.fqn[1] != "staging"
    -%}
        {%- do kept.append("('" ~ node.schema ~ "', '" ~ node.alias ~ "')") -%}
    {%- endfor -%}
    with roles (role) as (
        select rolname
        from pg_roles
        where rolname in ('c360_reader', 'c360_app', 'c360_admin')
    ),

    relations as (
        select
            c.oid,
            c.relrowsecurity,
            n.nspname,
            format('%I.%I', n.nspname, c.relname) as name,
            n.nspname = '{{ base }}_masked' as is_masked,
            (n.nspname, c.relname) = ('{{ base }}_ops', 'match_overrides') as is_decisions
        from pg_class as c
        inner join pg_namespace as n on n.oid = c.relnamespace
        where
            c.relkind in ('r', 'p', 'v')
            and (
                n.nspname in ('{{ base }}_masked', '{{ base }}_ops')
                or (n.nspname, c.relname) in (values {{ kept | join(", ") }})
            )
    ),

    wanted_tables as (
        select relations.*, roles.role, privileges.privilege
        from roles
        inner join relations on roles.role = 'c360_admin' or (roles.role = 'c360_reader' and relations.is_masked)
        cross join unnest(array['select', 'insert', 'delete']) as privileges (privilege)
        where privileges.privilege = 'select' or (relations.is_decisions and roles.role = 'c360_admin')
    ),

    wanted_functions as (
        select p.oid, p.oid::regprocedure as name, roles.role
        from roles
        inner join pg_proc as p on p.pronamespace = to_regnamespace(quote_ident('{{ var("api_schema") }}')) and p.prokind <> 'a'
        where roles.role in ('c360_app', 'c360_admin') and p.proowner = current_user::regrole
    ),

    wanted_schemas as (
        select wanted_tables.role, wanted_tables.nspname
        from wanted_tables
        union
        select wanted_functions.role, '{{ var("api_schema") }}'
        from wanted_functions
        union
        select roles.role, '{{ base }}_functions'
        from roles
        where roles.role = 'c360_admin'
    )

    select
        true as is_policy,
        format('create policy admin_reads on %s for select to c360_admin using (true)', name) as command
    from wanted_tables
    where
        role = 'c360_admin'
        and privilege = 'select'
        and relrowsecurity
        and not exists (
            select from pg_policy
            where pg_policy.polrelid = wanted_tables.oid and pg_policy.polname = 'admin_reads'
        )

    union all

    select false, format('grant usage on schema %I to %I', nspname, role)
    from wanted_schemas
    where has_schema_privilege(role, to_regnamespace(format('%I', nspname))::oid, 'usage') is false

    union all

    select false, format('grant %s on %s to %I', string_agg(privilege, ', '), name, role)
    from wanted_tables
    where not has_table_privilege(role, oid, privilege)
    group by name, role

    union all

    select false, format('grant execute on function %s to %I', name, role)
    from wanted_functions
    where not has_function_privilege(role, oid, 'execute')
{% endmacro %}
