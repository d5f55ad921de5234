{#- Whether a record has anything to know somebody by; a cluster in which none has is no customer yet. -#}
{% macro says_who(records) -%}
    (num_nonnulls(
        {{ records }}.full_name,
        {{ records }}.organization_name,
        {{ records }}.phone,
        {{ records }}.whatsapp_number,
        {{ records }}.email
    ) > 0)
{%- endmacro %}
