-- Field service's tables (legacy plan 002): the customer is copied into every ticket and every machine.

create schema field_service;

-- customer_id references no table; '' and made-up values occur.
create table field_service.service_tickets (
    id varchar(32) not null,
    tenant_id text not null,
    ticket_number varchar(50) not null,
    customer_id varchar(32),
    customer_name varchar(500),
    customer_phone varchar(20),
    customer_whatsapp varchar(20),
    equipment_id varchar(32),
    title text not null,
    description text,
    status varchar(50) not null default 'open',
    priority varchar(20) not null default 'medium',
    city varchar(100),
    state varchar(100),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    resolved_at timestamptz
);

create table field_service.equipment (
    id varchar(32) not null,
    tenant_id text not null,
    serial_number varchar(100) not null,
    model varchar(255),
    customer_contact_name varchar(255),
    customer_contact_phone varchar(20),
    customer_contact_email varchar(255),
    organization_id uuid,
    organization_name varchar(500),
    organization_type varchar(50) check (
        organization_type in ('hospital', 'clinic', 'lab', 'manufacturer', 'dealer')
    ),
    registration_number varchar(100),
    gst_number varchar(50),
    website varchar(255),
    installation_address varchar(500),
    city varchar(100),
    state varchar(100),
    postal_code varchar(20),
    country varchar(100) default 'India',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
