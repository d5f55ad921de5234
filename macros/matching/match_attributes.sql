{#- What is compared, by kind, with the highest level of each: the level at which both have the same value. `is_own`: a
    value belongs to one entity by its nature, unlike a name or a house. `is_shared`: related pairs may be alike in it. -#}
{% macro match_attributes() %}
    {{- return([
        {"name": "first_name", "kinds": ["person"], "top": 6, "value": "first_name", "is_shared": true},
        {"name": "middle_name", "kinds": ["person"], "top": 2, "value": "middle_name"},
        {"name": "last_name", "kinds": ["person"], "top": 6, "value": "last_name", "is_shared": true},
        {"name": "organization_name", "kinds": ["organization"], "top": 6, "value": "organization_name", "is_shared": true},
        {"name": "email", "kinds": ["person", "organization"], "top": 4, "value": "email", "is_own": true, "is_shared": true},
        {"name": "phone", "kinds": ["person", "organization"], "top": 3, "value": "phone", "is_own": true, "is_shared": true},
        {"name": "birth_date", "kinds": ["person"], "top": 5, "value": "birth_date", "is_own": true},
        {"name": "government_id", "kinds": ["person", "organization"], "top": 3, "value": "government_id", "is_own": true},
        {"name": "address", "kinds": ["person", "organization"], "top": 12, "value": "address_key", "is_shared": true},
    ]) -}}
{% endmacro %}
