-- Grain: one row per row of marketplace.service_requests that has a customer, with the request itself: the
-- history that legacy plan 000 asks for. Where the legacy table cannot be read, what is here stays.
{%- set details = service_request_details() %}

with links as (
    {{ customer_link("marketplace", "service_requests") | indent(4) }}
)

select
    links.*,
    {%- for column in details %}
    case when requests.id is null then former.{{ column }} else requests.{{ column }} end as {{ column }},
    {%- endfor %}
    coalesce(requests.created_at, former.created_at) as created_at
from links
left join {{ legacy_table("marketplace", "service_requests") }} as requests
    on requests.id = links.source_id::{{ legacy_column_type("marketplace", "service_requests", "id") }}
left join {{ this }} as former on former.source_id = links.source_id
