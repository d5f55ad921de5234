{#- CREATE FUNCTION with what dbt 1.11 leaves out on PostgreSQL: the language, PARALLEL, COST and ROWS,
    read from the function's `config.meta`; without them a function is SQL and, if deterministic, PARALLEL SAFE.
    Bodies name other functions without the database, so that they outlive its renaming, copying or restoring. -#}
{% macro postgres__scalar_function_sql(target_relation) %}
{%- set meta = model.config.get('meta', {}) -%}
{%- set deterministic = model.config.get('volatility') == 'deterministic' -%}
create or replace function {{ target_relation.render() }} ({{ formatted_scalar_function_args_sql() }})
returns {{ model.returns.data_type }}
language {{ meta.get('language', 'sql') }}
{{ scalar_function_volatility_sql() }}
parallel {{ meta.get('parallel', 'safe' if deterministic else 'unsafe') }}
{% if meta.get('cost') %}cost {{ meta.cost }}{% endif %}
{% if meta.get('rows') %}rows {{ meta.rows }}{% endif %}
as $c360_body$
{{ model.compiled_code | replace(adapter.quote(target_relation.database) ~ ".", "") }}
$c360_body$;
{% endmacro %}
