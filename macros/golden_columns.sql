{#- The columns of the registry that golden values are made from. -#}
{% macro golden_columns() %}
    {%- set names = [] -%}
    {%- for name in record_attributes()
        if name not in ["phone_raw", "email_raw", "own_reference", "customer_reference", "event_at", "created_at", "updated_at"]
    -%}
        {%- do names.append(name) -%}
    {%- endfor -%}
    {{- return(names) -}}
{% endmacro %}
