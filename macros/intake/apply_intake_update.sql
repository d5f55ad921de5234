{#- SQL: writes what one entry of intake_updates says into its customer's row, as the next build will.
    entry: SQL expression, the entry_id. -#}
{% macro apply_intake_update(entry) %}
update {{ ref("customers") if this.identifier != "customers" else this }} as customer
set
    primary_phone = coalesce(said.phone, customer.primary_phone),
    secondary_phone = case
        when said.phone <> customer.primary_phone then customer.primary_phone
        else customer.secondary_phone
    end,
    whatsapp_number = coalesce(said.whatsapp_number, customer.whatsapp_number),
    primary_email = coalesce(said.email, customer.primary_email),
    status = coalesce(said.status, customer.status),
    notes = coalesce(said.notes, customer.notes),
    updated_at = now()
from {{ operations_table("intake_updates") }} as said
where
    said.entry_id = {{ entry }}
    and customer.status not in ('merged', 'erased')
    and customer.customer_id = coalesce(
        (
            select redirects.to_customer_id
            from {{ this_project_relation("customer_redirects") if execute }} as redirects
            where redirects.from_customer_id = said.customer_id
        ),
        said.customer_id
    )
{% endmacro %}
