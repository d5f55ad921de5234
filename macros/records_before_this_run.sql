{#- The registry as the last run left it. It is named without ref(), because int_records itself depends on the
    model that asks; before the first run it is an empty stand-in. -#}
{% macro records_before_this_run() %}
    {%- set registry = this.incorporate(path={"identifier": "int_records"}) -%}
    {%- if execute and adapter.get_relation(registry.database, registry.schema, registry.identifier) is not none -%}
        {{- return(registry) -}}
    {%- endif -%}
    {{- return(
        "(select null::text as tenant_id, null::text as system, null::text as entity, null::text as source_id, "
        ~ "null::uuid as row_hash, null::text as record_status, null::uuid as customer_id where false)"
    ) -}}
{% endmacro %}
