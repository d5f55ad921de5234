{#- Columns of marketplace.service_requests that its link table keeps: the history that legacy plan 000 asks for. -#}
{% macro service_request_details() %}
    {{- return([
        "service_type", "description", "status", "address", "city", "budget", "currency", "scheduled_at",
    ]) -}}
{% endmacro %}
