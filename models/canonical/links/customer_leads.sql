-- Grain: one row per row of crm.leads_master that has a customer.
{{ customer_link("crm", "leads_master") }}
