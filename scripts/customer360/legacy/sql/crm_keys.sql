-- Keys and indexes of the CRM, built once its rows are in.

alter table crm.leads_master add primary key (id);
create index leads_master_phone_number_normalized_idx on crm.leads_master (phone_number_normalized);
create index leads_master_customer_id_idx on crm.leads_master (customer_id);
create index leads_master_tenant_created_idx on crm.leads_master (tenant_id, created_at);
