"""The shop that `benchmarks/cutover.py` migrates: its tables, plan 003's own script, and what must hold afterwards.

The tables are those of the made-up commerce system, with orders as wide as real ones. Every id is the MD5 of a
number, so that the application can name any row without asking for it first.
"""

from __future__ import annotations

from importlib import resources
from typing import LiteralString

import psycopg
from psycopg import sql

ORDERS_PER_CUSTOMER = 5
APPLICATION = "shop"

# Four customers in five have a profile already; the others need one.
_FILL = """
    insert into commerce.customers (id, tenant_id, wa_id, display_name)
    select md5('customer' || n)::uuid, 'acme', '+2507' || lpad(n::text, 8, '0'), 'Customer ' || n
    from generate_series(1, {customers}) as n;

    insert into commerce.profiles (user_id, tenant_id, whatsapp_e164, display_name, locale)
    select md5('profile' || n)::uuid, 'acme', '+2507' || lpad(n::text, 8, '0'), 'Customer ' || n, 'rw-RW'
    from generate_series(1, {customers}) as n
    where n % 5 <> 0;

    insert into commerce.orders (
        id, tenant_id, customer_id, order_code, status, total, placed_at, created_at, delivery_address, items
    )
    select
        md5('order' || n)::uuid,
        'acme',
        md5('customer' || 1 + n::bigint * 7919 % {customers})::uuid,
        'ORD-' || n,
        (array['delivered', 'paid', 'pending', 'cancelled'])[1 + n % 4],
        n % 90000,
        now() - n * interval '13 seconds',
        now() - n * interval '13 seconds',
        'KG ' || n % 700 || ' St ' || n % 90 || ', house ' || n % 300 || ', Kigali',
        jsonb_build_array(jsonb_build_object('sku', 'SKU-' || n % 5000, 'quantity', 1 + n % 3, 'price', n % 9000))
    from generate_series(1, {orders}) as n;

    insert into commerce.carts (id, tenant_id, customer_id, total)
    select
        md5('cart' || n)::uuid,
        'acme',
        case when n % 4 > 0 then md5('customer' || 1 + n % {customers})::uuid end,
        n % 900
    from generate_series(1, {orders} / 20) as n;

    insert into commerce.sessions (id, tenant_id, customer_id, started_at)
    select
        md5('session' || n)::uuid,
        'acme',
        case when n % 4 > 0 then md5('customer' || 1 + n % {customers})::uuid end,
        now()
    from generate_series(1, {orders} / 20) as n;
"""
_WIDE = """
    alter table commerce.orders
        add column delivery_address text,
        add column items jsonb,
        add column revision integer not null default 0
"""
_ROLES = """
    do $$
    begin
        create role {application} login bypassrls;
    exception
        when duplicate_object then null;
    end
    $$;
    grant usage on schema commerce to {application};
    grant select, insert, update, delete on all tables in schema commerce to {application};
"""

# Plan 003, steps 1, 2 and 4 as the document gives them, names mapped, in one transaction. Step 5 drops what the
# application still uses and is for later. Its table of risks also says to abort if the mapping is short, which it is as
# soon as one customer arrives between the first two statements; left out, the script shows what it does otherwise.
NAIVE = """
    insert into commerce.profiles (user_id, tenant_id, whatsapp_e164, display_name)
    select gen_random_uuid(), c.tenant_id, c.wa_id, c.display_name
    from commerce.customers c
    left join commerce.profiles p on p.whatsapp_e164 = c.wa_id
    where p.user_id is null;

    create table commerce.legacy_customer_profile as
    select c.id as customer_id, p.user_id as profile_id
    from commerce.customers c
    join commerce.profiles p on p.whatsapp_e164 = c.wa_id;

    alter table commerce.carts add column profile_id uuid references commerce.profiles (user_id);
    alter table commerce.orders add column profile_id uuid references commerce.profiles (user_id);
    alter table commerce.sessions add column profile_id uuid references commerce.profiles (user_id);

    update commerce.carts t set profile_id = m.profile_id
    from commerce.legacy_customer_profile m where m.customer_id = t.customer_id;
    update commerce.orders t set profile_id = m.profile_id
    from commerce.legacy_customer_profile m where m.customer_id = t.customer_id;
    update commerce.sessions t set profile_id = m.profile_id
    from commerce.legacy_customer_profile m where m.customer_id = t.customer_id;

    alter table commerce.orders alter column profile_id set not null;

    create index idx_carts_profile_status on commerce.carts (profile_id, status);
    create index idx_orders_profile on commerce.orders (profile_id, created_at);
    create index idx_sessions_profile on commerce.sessions (profile_id);

    create function commerce.auth_profile_id() returns uuid language sql stable as $$
        select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'profile_id')::uuid
    $$;
    create policy profile_carts on commerce.carts using (profile_id = commerce.auth_profile_id());
    create policy profile_orders on commerce.orders using (profile_id = commerce.auth_profile_id());
    create policy profile_sessions on commerce.sessions using (profile_id = commerce.auth_profile_id());
"""

# The least that any backfill has to do: one INSERT of the mapping and the profiles that it lacks, one UPDATE a table,
# with nobody beside it, no index and no foreign key on the new column. The columns are there already and are not timed.
IDLE_MAPPING = """
    insert into commerce.profiles (user_id, tenant_id, whatsapp_e164, display_name, created_at, updated_at)
    select c.id, c.tenant_id, c.wa_id, c.display_name, c.created_at, c.updated_at
    from commerce.customers c
    where not exists (select from commerce.profiles p where p.whatsapp_e164 = c.wa_id);
    create table commerce.idle_mapping as
    select c.id as customer_id, p.user_id as profile_id
    from commerce.customers c
    join commerce.profiles p on p.whatsapp_e164 = c.wa_id;
    alter table commerce.idle_mapping add primary key (customer_id), add unique (profile_id);
    analyze commerce.idle_mapping;
"""
IDLE_PREPARED = """
    alter table commerce.carts add column profile_id uuid;
    alter table commerce.orders add column profile_id uuid;
    alter table commerce.sessions add column profile_id uuid;
"""
IDLE_UPDATE = """
    update commerce.carts t set profile_id = m.profile_id
    from commerce.idle_mapping m where m.customer_id = t.customer_id;
    update commerce.orders t set profile_id = m.profile_id
    from commerce.idle_mapping m where m.customer_id = t.customer_id;
    update commerce.sessions t set profile_id = m.profile_id
    from commerce.idle_mapping m where m.customer_id = t.customer_id;
"""

# A row is missed or wrong unless it refers to the profile with its own customer's WhatsApp number: this asks the
# data, not the mapping that the migration made.
_MISSED = """
    select count(*)
    from {table} as t
    join commerce.customers as c on c.id = t.customer_id
    left join commerce.profiles as p on p.user_id = t.profile_id
    where p.whatsapp_e164 is distinct from c.wa_id
"""
_UNMAPPED = """
    select count(*)
    from commerce.customers as c
    where (select count(*) from commerce.profiles as p where p.whatsapp_e164 = c.wa_id) <> 1
"""
_TABLES = ("carts", "orders", "sessions")


def create(connection: psycopg.Connection, orders: int) -> None:
    """Make the shop in an empty database, with so many orders and a fifth as many customers."""
    connection.execute(_script("commerce.sql"))
    connection.execute(_WIDE)
    numbers = {"orders": sql.Literal(orders), "customers": sql.Literal(max(1, orders // ORDERS_PER_CUSTOMER))}
    connection.execute(sql.SQL(_FILL).format(**numbers))
    connection.execute(_script("commerce_keys.sql"))
    connection.execute(sql.SQL(_ROLES).format(application=sql.Identifier(APPLICATION)))


def orders_bytes(connection: psycopg.Connection) -> int:
    """Size of the orders without their indexes."""
    return _number(connection, "select pg_table_size('commerce.orders')")


def missed(connection: psycopg.Connection) -> int:
    """Rows without the right profile, and customers without exactly one."""
    count = _number(connection, _UNMAPPED)
    for name in _TABLES:
        table = sql.Identifier("commerce", name)
        try:
            count += _number(connection, sql.SQL(_MISSED).format(table=table))
        except psycopg.errors.UndefinedColumn:
            count += _number(connection, sql.SQL("select count(customer_id) from {}").format(table))
    return count


def lost(connection: psycopg.Connection, acknowledged: dict[str, int], orders: int) -> int:
    """Writes that the application was told of and that are not there."""
    inserted = _number(connection, "select count(*) from commerce.orders") - orders
    updated = _number(connection, "select sum(revision) from commerce.orders")
    return max(0, acknowledged["orders"] - inserted) + max(0, acknowledged["updates"] - updated)


def _number(connection: psycopg.Connection, query: LiteralString | sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def _script(name: str) -> bytes:
    return resources.files("customer360.legacy").joinpath("sql", name).read_bytes()
