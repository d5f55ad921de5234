-- The booking system's tables (legacy plan 001), as they came from SQLite: ids and dates are text.

create schema booking;

create table booking.prospects (
    id text not null,
    tenant_id text not null,
    first_name text,
    last_name text,
    email text,
    phone text,
    status text not null default 'new',
    source text,
    language text default 'fr',
    timezone text default 'Europe/Paris',
    preferred_contact_method text,
    tags text, -- a JSON array
    notes text,
    created_at text not null default current_timestamp,
    updated_at text not null default current_timestamp
);

create table booking.appointments (
    id text not null,
    tenant_id text not null,
    prospect_id text,
    customer_name text,
    customer_email text,
    customer_phone text,
    service_name text,
    appointment_date text,
    status text not null default 'scheduled',
    notes text,
    created_at text not null default current_timestamp,
    updated_at text not null default current_timestamp
);

create table booking.omni_conversations (
    id text not null,
    tenant_id text not null,
    channel text not null check (channel in ('whatsapp', 'email', 'sms', 'web', 'voice')),
    customer_name text,
    customer_email text,
    customer_phone text,
    status text not null default 'open',
    first_message_at text,
    last_message_at text,
    created_at text not null default current_timestamp,
    updated_at text not null default current_timestamp
);
