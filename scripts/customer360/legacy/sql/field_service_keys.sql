-- Keys and indexes of field service, built once its rows are in.

alter table field_service.service_tickets add primary key (id);
create index service_tickets_customer_id_idx on field_service.service_tickets (customer_id);
create index service_tickets_equipment_id_idx on field_service.service_tickets (equipment_id);
create index service_tickets_status_idx on field_service.service_tickets (tenant_id, status, priority);

alter table field_service.equipment add primary key (id);
create index equipment_serial_number_idx on field_service.equipment (serial_number);
create index equipment_organization_id_idx on field_service.equipment (organization_id);
