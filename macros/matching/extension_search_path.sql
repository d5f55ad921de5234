{#- Puts the schemas of pg_trgm and fuzzystrmatch on this transaction's search path, wherever they are installed. -#}
{% macro extension_search_path() %}
select set_config(
    'search_path',
    current_setting('search_path') || coalesce(string_agg(distinct ', ' || quote_ident(n.nspname), ''), ''),
    true
)
from pg_extension as e
inner join pg_namespace as n on n.oid = e.extnamespace
where e.extname in ('pg_trgm', 'fuzzystrmatch')
{% endmacro %}
