-- Keys and indexes of the marketplace, built once its rows are in.

alter table marketplace.users add primary key (id);
create index users_tenant_type_idx on marketplace.users (tenant_id, user_type);
create index users_email_idx on marketplace.users (email);
create index users_phone_number_idx on marketplace.users (phone_number);

alter table marketplace.service_requests add primary key (id);
create index service_requests_client_id_idx on marketplace.service_requests (client_id);
create index service_requests_tenant_status_idx on marketplace.service_requests (tenant_id, status);
