{#- `upsert_check_columns` for a table that is only being made. -#}
{% macro upsert_check_new(contract, returned, options) %}
    {%- call statement("contract") -%}
        do $upsert$
        #variable_conflict use_column
        declare
            differences text;
        begin
            {{ upsert_check_columns(contract, returned, options) }}
        end
        $upsert$
    {%- endcall -%}
{% endmacro %}
