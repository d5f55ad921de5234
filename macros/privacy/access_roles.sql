{#- On-run-end: the roles of the project and what each may, nothing beyond it.
    c360_reader: the masked views. c360_app: the functions of the schema `api`. c360_admin: everything that the project
    keeps, read only, and the decisions of people.
    A build whose role may create roles makes those that are missing; any other says that a DBA has to
    (`c360 roles --sql`), and goes on. Only what is missing is granted: a build that finds all in place writes nothing. -#}
{% macro access_roles() %}
    {%- if not execute or flags.WHICH not in ["build", "run"] or not var("access_roles") -%}
        {{- return("") -}}
    {%- endif -%}
    {%- set state = run_query(
        "select to_regnamespace('" ~ adapter.quote(target.schema ~ "_masked") ~ "') is not null,"
        ~ " (select rolsuper or rolcreaterole from pg_roles where rolname = current_user),"
        ~ " (select coalesce(json_agg(name), '[]')::text from unnest(array['c360_reader', 'c360_app', 'c360_admin']) as name"
        ~ " where to_regrole(name) is null)"
    ).rows[0] -%}
    {%- set missing = fromjson(state[2]) -%}
    {#- Before the first complete build, and in a preview, there is nothing to read yet. -#}
    {%- if not state[0] -%} {{- return("") -}} {%- endif -%}
    {%- if missing and not state[1] -%}
        {%- do log(
            "The role that builds may not create roles, so there is no " ~ missing | join(", ") ~ ". A DBA can make them"
            ~ " with what `c360 roles --sql` prints; the build after that grants them what they need. To do without"
            ~ " them, set the variable access_roles to false.", info=true
        ) -%}
        {%- set missing = [] -%}
    {%- endif -%}
    {%- for name in missing %}
    {#- Roles belong to the whole server: another build may be making them right now. -#}
    do $$
    begin
        create role {{ name }} nologin;
    exception
        when duplicate_object or unique_violation then null;
    end
    $$;
    {%- endfor %}
    {#- Policies before grants: they lock their table, and ANALYZE, which holds a lock on it as well, waits for whoever has
        granted something on it; each would wait for the other. -#}
    {{ under_lock_limit(
        "select missing.command from (" ~ missing_grants() ~ ") as missing where missing.is_policy",
        "The customers are built. Build again when no long transaction reads that table."
    ) }};
    do $$
    declare
        command text;
    begin
        for command in
            select missing.command from ({{ missing_grants() | indent(12) }}) as missing where not missing.is_policy
        loop
            execute command;
        end loop;
    end
    $$
{% endmacro %}
