{#- The attributes that survivorship decides on, each with its type; one row each in the seed survivorship_rules. -#}
{% macro golden_attributes() %}
    {{- return({
        "name": "text",
        "first_name": "text",
        "last_name": "text",
        "organization_name": "text",
        "customer_type": "text",
        "primary_phone": "text",
        "shared_phone": "text",
        "further_phone": "text",
        "whatsapp_number": "text",
        "primary_email": "text",
        "address": "jsonb",
        "organization_id": "uuid",
        "registration_number": "text",
        "tax_id": "text",
        "website": "text",
        "status": "text",
        "tier": "text",
        "preferred_language": "text",
        "timezone": "text",
        "preferred_contact_method": "text",
        "tags": "jsonb",
        "notes": "text",
        "created_by": "text",
    }) -}}
{% endmacro %}
