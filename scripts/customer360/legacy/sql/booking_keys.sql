-- Keys and indexes of the booking system, built once its rows are in.

alter table booking.prospects add primary key (id);
create index idx_prospects_tenant on booking.prospects (tenant_id);
create index idx_prospects_email on booking.prospects (email);

alter table booking.appointments add primary key (id);
create index idx_appointments_tenant_date on booking.appointments (tenant_id, appointment_date);
create index idx_appointments_prospect on booking.appointments (prospect_id);

alter table booking.omni_conversations add primary key (id);
create index idx_omni_conversations_tenant_status on booking.omni_conversations (tenant_id, status);
create index idx_omni_conversations_phone on booking.omni_conversations (customer_phone);
