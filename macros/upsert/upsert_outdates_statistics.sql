{#- Whether so many rows changed, now and since PostgreSQL last analysed the table, that its plans may go wrong: a tenth,
    as autovacuum has it, which comes too late for the models behind this one. To analyse a wide table takes longer than
    to write a small delta into it. -#}
{% macro upsert_outdates_statistics(target, changed) %}
    {%- set rows = changed.inserted + changed.updated + changed.deleted -%}
    {%- if rows == 0 -%} {{- return(false) -}} {%- endif -%}
    {{- return(run_query(
        "select pg_stat_get_mod_since_analyze(oid) + " ~ rows ~ " > 1000 + greatest(reltuples, 0) / 10"
        ~ " from pg_class where oid = '" ~ target ~ "'::regclass"
    ).columns[0].values()[0]) -}}
{% endmacro %}
