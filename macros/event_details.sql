{#- What each legacy table tells of its rows as events of a customer, by `<system>.<entity>`.
    kind: what sort of event it is.
    key: the column that staging takes as source_id, by which the legacy row is found again.
    title, status, channel, branch, amount, currency: columns of the legacy table; none of the customer's, and none
        that a cutover drops (scripts/cutovers, `deprecated`), since a view on a column blocks its drop.
    total: a column of customer_360 that sums the amount by currency, over the rows that `counted` is true of.
    A table that is not named here is an event too, with its own name as the kind, and without details. -#}
{% macro event_details() %}
    {{- return({
        "marketplace.users": {"kind": "registration"},
        "marketplace.service_requests": {
            "kind": "request",
            "key": "id",
            "title": "service_type",
            "status": "status",
            "amount": "budget",
            "currency": "currency",
            "total": "request_budgets",
            "counted": "coalesce({row}.status, '') <> 'cancelled'",
        },
        "booking.prospects": {"kind": "registration", "key": "id", "status": "status", "channel": "source"},
        "booking.appointments": {
            "kind": "appointment", "key": "id", "title": "service_name", "status": "status",
        },
        "booking.omni_conversations": {
            "kind": "conversation", "key": "id", "status": "status", "channel": "channel",
        },
        "field_service.equipment": {"kind": "equipment", "key": "id", "title": "model"},
        "field_service.service_tickets": {
            "kind": "ticket", "key": "id", "title": "title", "status": "status",
        },
        "commerce.customers": {"kind": "registration"},
        "commerce.profiles": {"kind": "registration"},
        "commerce.carts": {
            "kind": "cart",
            "key": "id",
            "status": "status",
            "amount": "total",
            "currency": "currency",
            "total": "open_cart_amounts",
            "counted": "{row}.status = 'active'",
        },
        "commerce.orders": {
            "kind": "order",
            "key": "id",
            "title": "order_code",
            "status": "status",
            "amount": "total",
            "currency": "currency",
            "total": "order_amounts",
            "counted": "coalesce({row}.status, '') not in ('cancelled', 'refunded')",
        },
        "commerce.sessions": {"kind": "session", "key": "id", "channel": "channel"},
        "crm.leads_master": {
            "kind": "lead", "key": "id", "status": "status", "channel": "source_name", "branch": "branch_id",
        },
    }) -}}
{% endmacro %}
