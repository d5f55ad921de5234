{#- Post-hook of the canonical tables: turns row-level security on and adds the policy `own_rows`. The owner of the
    tables and roles with BYPASSRLS see everything; any other role that is granted SELECT sees the rows of the customer
    that its token names, and writes nothing. A view asks with the rights of who reads it. What is in place already is
    left alone. -#}
{% macro row_security(relation, materialized) %}
{%- if execute and var("row_level_security") -%}
{%- if materialized == "view" -%}
alter view {{ relation }} set (security_invoker = true)
{%- else -%}
{#- Whose row it is, where that is not in customer_id; none: the rows are for the owner alone. -#}
{%- set own_column = {
    "customer_redirects": "to_customer_id",
    "legacy_customer_profile": none,
}.get(relation.identifier, "customer_id" if "customer_id" in model.columns) -%}
{%- set found = run_query(
    "select c.relrowsecurity, exists (select from pg_policy where polrelid = c.oid and polname = 'own_rows')"
    ~ " from pg_class as c where c.oid = '" ~ relation ~ "'::regclass"
).rows[0] -%}
{%- if not found[0] %}
alter table {{ relation }} enable row level security;
{%- endif %}
{%- if own_column and not found[1] %}
create policy own_rows on {{ relation }} for select
using ({{ adapter.quote(own_column) }} = (select {{ own_customer_function_name() }}()));
{%- endif -%}
{%- endif -%}
{%- endif -%}
{% endmacro %}
