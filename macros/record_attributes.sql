{#- The staged columns that the registry keeps of a record, besides its key. -#}
{% macro record_attributes() %}
    {%- set names = ["phone_raw", "email_raw", "second_phone"] -%}
    {%- for column in staged_columns() if column.name not in ["source_id", "tenant_id", "legacy_customer_id"] -%}
        {%- do names.append(column.name) -%}
    {%- endfor -%}
    {{- return(names) -}}
{% endmacro %}
