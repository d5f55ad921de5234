-- The CRM's one table (legacy plan 004): a row for every call, form and import.

create schema crm;

create table crm.leads_master (
    id uuid not null,
    tenant_id text not null,
    customer_id uuid,
    full_name text,
    phone_number text, -- as it came in
    phone_number_normalized text, -- as one script or another understood it
    email text,
    company_name text,
    city text,
    country text,
    source_id integer,
    source_name text,
    branch_id text,
    status text not null default 'new',
    tier text check (tier in ('vip', 'premium', 'standard')),
    assigned_to text,
    notes text,
    lead_at text, -- whatever the sheet held
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
