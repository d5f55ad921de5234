{#- What is compared, by kind, with the highest level of each: the level at which both have the same value. -#}
{% macro match_attributes() %}
    {{- return([
        {"name": "first_name", "kinds": ["person"], "top": 6, "value": "first_name"},
        {"name": "middle_name", "kinds": ["person"], "top": 2, "value": "middle_name"},
        {"name": "last_name", "kinds": ["person"], "top": 6, "value": "last_name"},
        {"name": "organization_name", "kinds": ["organization"], "top": 6, "value": "organization_name"},
        {"name": "email", "kinds": ["person", "organization"], "top": 4, "value": "email"},
        {"name": "phone", "kinds": ["person", "organization"], "top": 3, "value": "phone"},
        {"name": "birth_date", "kinds": ["person"], "top": 5, "value": "birth_date"},
        {"name": "government_id", "kinds": ["person", "organization"], "top": 3, "value": "government_id"},
        {"name": "address", "kinds": ["person", "organization"], "top": 12, "value": "address_key"},
    ]) -}}
{% endmacro %}
