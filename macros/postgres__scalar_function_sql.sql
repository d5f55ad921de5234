{#- CREATE FUNCTION with what dbt 1.11 leaves out on PostgreSQL: the language, PARALLEL, COST and ROWS,
    read from the function's `config.meta`; without them a function is SQL and, if deterministic, PARALLEL SAFE.
    A deterministic function is proof against the caller's search path: SQL is parsed here and now (and still inlined,
    which a SET would prevent), PL/pgSQL sets the path, unless its config says `search_path: caller`: it is for
    functions that have set the path, and a SET for each call would cost too much. Constants name nothing and stay text,
    which is read faster.
    `security: definer` runs with the rights of the owner; its search path is set as well, and only roles that are granted
    it may call it. It is for lookups: their plans use indexes whatever the statistics say of a table that has just grown,
    and a session makes them once: to plan anew for each value, as it otherwise does five times, costs more than to look.
    Bodies name other functions without the database, so that they outlive its renaming, copying or restoring. -#}
{% macro postgres__scalar_function_sql(target_relation) %}
{%- set meta = model.config.get('meta', {}) -%}
{%- set language = meta.get('language', 'sql') -%}
{%- set deterministic = model.config.get('volatility') == 'deterministic' -%}
{%- set body = model.compiled_code | replace(adapter.quote(target_relation.database) ~ ".", "") -%}
create or replace function {{ target_relation.render() }} ({{ formatted_scalar_function_args_sql() }})
returns {{ model.returns.data_type }}
language {{ language }}
{{ scalar_function_volatility_sql() }}
parallel {{ meta.get('parallel', 'safe' if deterministic else 'unsafe') }}
{% if meta.get('cost') %}cost {{ meta.cost }}{% endif %}
{% if meta.get('rows') %}rows {{ meta.rows }}{% endif %}
{% if deterministic and language == 'sql' and model.arguments %}
begin atomic
{{ body }};
end;
{% else %}
{% if meta.get('security') == 'definer' %}security definer set jit = off set enable_seqscan = off set plan_cache_mode = force_generic_plan{% endif %}
{% if (deterministic and language == 'plpgsql' and meta.get('search_path') != 'caller') or meta.get('security') == 'definer' %}set search_path = pg_catalog, pg_temp{% endif %}
as $c360_body$
{{ body }}
$c360_body$;
{% if meta.get('security') == 'definer' %}
revoke all on function {{ target_relation.render() }} ({{ model.arguments | map(attribute='data_type') | join(', ') }}) from public;
{% endif %}
{% endif %}
{% endmacro %}
