{#- The function that the policies of the canonical tables ask: the customer whose profile the token's subject is.
    It reads the claims as Supabase and PostgREST set them, works on plain PostgreSQL, and knows nobody without them.
    SECURITY DEFINER, since whoever asks may read no link; hence the fixed search_path. One with this very body stays as
    it is. -#}
{% macro own_customer_function() %}
{%- if execute and flags.WHICH in ("build", "run") and var("row_level_security") -%}
{%- set body %}
    select links.customer_id
    from {{ api.Relation.create(schema=target.schema, identifier="customer_profiles") }} as links
    where links.source_id = coalesce(
        nullif(current_setting('request.jwt.claim.sub', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
    )
{% endset -%}
{%- set found = run_query(
    "select exists (select from pg_proc where oid = to_regprocedure('" ~ own_customer_function_name() ~ "()')"
    ~ " and prosecdef and prosrc = $body$" ~ body ~ "$body$)"
).columns[0].values()[0] -%}
{%- if not found %}
{#- The link table may not be there yet. -#}
create schema if not exists {{ adapter.quote(target.schema) }};
set local check_function_bodies = off;
create or replace function {{ own_customer_function_name() }}() returns uuid
language sql stable parallel safe security definer
set search_path = ''
as $body${{ body }}$body$
{%- endif -%}
{%- endif -%}
{% endmacro %}

{% macro own_customer_function_name() -%}
{{ adapter.quote(target.schema) }}.own_customer_id
{%- endmacro %}
