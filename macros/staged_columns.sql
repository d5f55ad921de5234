{#- The one column list of staging: every staging model has these columns, in this order.
    `raw` columns are what a staging model may map a legacy column to; `limit` is the longest text that the
    canonical tables take; `sql` is how the raw value becomes the standard one ({raw} stands for it). -#}
{% macro staged_columns() %}
    {%- set clean = function("clean_text") -%}
    {%- set name = function("clean_name") -%}
    {%- set person = function("person_name") -%}
    {#- A value that the canonical table does not know becomes NULL: one odd word must not stop a build. -#}
    {%- set one_of = "substring(lower(" ~ clean ~ "({raw})) from '^(%s)$')" -%}
    {%- set identifier = "nullif(upper(regexp_replace({raw}, '[^[:alnum:]]', '', 'g')), '')" -%}
    {{- return([
        {"name": "source_id", "limit": 255},
        {"name": "tenant_id", "limit": 255},
        {"name": "own_reference", "limit": 300},
        {"name": "customer_reference", "limit": 300},
        {"name": "legacy_customer_id", "type": "uuid", "sql": function("parse_uuid") ~ "({raw})"},
        {"name": "full_name", "limit": 500, "sql": person ~ "({raw})"},
        {"name": "first_name", "limit": 250, "sql": person ~ "({raw})"},
        {"name": "last_name", "limit": 250, "sql": person ~ "({raw})"},
        {"name": "organization_name", "limit": 500, "sql": name ~ "({raw})"},
        {"name": "phone", "limit": 200, "sql": "phone"},
        {"name": "whatsapp_number", "limit": 200, "sql": "phone"},
        {"name": "email", "limit": 500, "sql": function("normalize_email") ~ "({raw})"},
        {"name": "address_line1", "limit": 500, "sql": clean ~ "({raw})"},
        {"name": "address_line2", "limit": 500, "sql": clean ~ "({raw})"},
        {"name": "city", "limit": 100, "sql": name ~ "({raw})"},
        {"name": "state", "limit": 100, "sql": name ~ "({raw})"},
        {"name": "postal_code", "limit": 20, "sql": "upper(" ~ clean ~ "({raw}))"},
        {"name": "country", "limit": 100, "sql": function("country_code") ~ "({raw})"},
        {
            "name": "customer_type",
            "limit": 50,
            "sql": one_of | format("individual|hospital|clinic|lab|manufacturer|dealer"),
        },
        {"name": "organization_id", "type": "uuid", "sql": function("parse_uuid") ~ "({raw})"},
        {"name": "registration_number", "limit": 100, "sql": identifier},
        {"name": "tax_id", "limit": 50, "sql": identifier},
        {"name": "website", "limit": 255, "sql": "lower(" ~ clean ~ "({raw}))"},
        {"name": "status", "limit": 50, "sql": one_of | format("active|inactive|blocked")},
        {"name": "tier", "limit": 50, "sql": "lower(" ~ clean ~ "({raw}))"},
        {"name": "preferred_language", "limit": 50, "sql": function("language_code") ~ "({raw})"},
        {"name": "timezone", "limit": 64, "sql": clean ~ "({raw})"},
        {"name": "preferred_contact_method", "limit": 50, "sql": "lower(" ~ clean ~ "({raw}))"},
        {"name": "tags", "type": "jsonb", "limit": 10000, "sql": function("parse_tags") ~ "({raw})"},
        {"name": "notes", "limit": 100000, "sql": clean ~ "({raw})"},
        {"name": "created_by", "limit": 255, "sql": clean ~ "({raw})"},
        {"name": "event_at", "type": "timestamptz"},
        {"name": "created_at", "type": "timestamptz"},
        {"name": "updated_at", "type": "timestamptz"},
    ]) -}}
{% endmacro %}
