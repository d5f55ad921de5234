-- The marketplace's own tables (legacy plan 000): clients live among providers and administrators.

create schema marketplace;

create table marketplace.users (
    id uuid not null,
    tenant_id text not null,
    user_type text not null check (user_type in ('client', 'provider', 'admin')),
    full_name text,
    email text,
    phone_number text,
    city text,
    country text,
    preferred_language text not null default 'es',
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- client_id never had a foreign key: some requests point nowhere, some name nobody.
create table marketplace.service_requests (
    id uuid not null,
    tenant_id text not null,
    client_id uuid,
    service_type text not null,
    description text,
    status text not null default 'pending',
    address text,
    city text,
    budget numeric(12, 2),
    currency text,
    scheduled_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
