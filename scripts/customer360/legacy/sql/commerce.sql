-- Commerce's tables (legacy plan 003): customers from the WhatsApp flows beside the newer profiles.

create schema commerce;

create table commerce.customers (
    id uuid not null,
    tenant_id text not null,
    wa_id text,
    display_name text,
    language text default 'en',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table commerce.profiles (
    user_id uuid not null,
    tenant_id text not null,
    whatsapp_e164 text,
    display_name text,
    email text,
    locale text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table commerce.carts (
    id uuid not null,
    tenant_id text not null,
    customer_id uuid,
    status text not null default 'active',
    currency text not null default 'RWF',
    total numeric(12, 2) not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table commerce.orders (
    id uuid not null,
    tenant_id text not null,
    customer_id uuid not null,
    order_code text not null,
    status text not null default 'pending',
    total numeric(12, 2) not null default 0,
    currency text not null default 'RWF',
    placed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table commerce.sessions (
    id uuid not null,
    tenant_id text not null,
    customer_id uuid,
    channel text not null default 'whatsapp',
    started_at timestamptz,
    last_seen_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

-- Who is asking, by the claim that the WhatsApp flows put into the token.
create function commerce.auth_customer_id() returns uuid
language sql stable
as $$
    select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'customer_id')::uuid
$$;

alter table commerce.carts enable row level security;
alter table commerce.orders enable row level security;
alter table commerce.sessions enable row level security;

create policy customer_carts on commerce.carts
using (customer_id = commerce.auth_customer_id())
with check (customer_id = commerce.auth_customer_id());

create policy customer_orders on commerce.orders
using (customer_id = commerce.auth_customer_id())
with check (customer_id = commerce.auth_customer_id());

create policy customer_sessions on commerce.sessions
using (customer_id = commerce.auth_customer_id())
with check (customer_id = commerce.auth_customer_id());
