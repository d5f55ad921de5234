"""What the cutover's tests share: copies of one built database, an application that goes on writing, comparisons."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg
from builds import build, connect
from psycopg import sql

from customer360 import legacy
from customer360.config import find_database
from customer360.cutover.engine import Consent, Engine, Report, engines
from customer360.cutover.manifest import Manifest, load_manifest
from customer360.cutover.session import Limits
from customer360.server import Server, embedded_binaries

SYSTEMS = ("marketplace", "booking", "field_service", "commerce", "crm")
BEFORE_CONTRACT = ("expand", "backfill", "constrain", "switch")
AGREED = Consent(confirmed=True, despite_readers=True)
# Short, so that a test that waits for a lock does not wait long.
LIMITS = Limits(lock_wait=20, operator_wait=20)
_numbers = count(1)

# What each application does that knows the old schema only. Every value is given, so that two databases that get the
# same statements stay the same; {n} makes the rows of one round its own.
WRITES = {
    "commerce": """
        insert into commerce.customers (id, tenant_id, wa_id, display_name, created_at, updated_at)
        select md5('c{n}' || i)::uuid, 'acme', '2507990{n}0' || i, 'Late {n} ' || i, '2026-01-01', '2026-01-01'
        from generate_series(1, 3) as i;
        insert into commerce.orders (id, tenant_id, customer_id, order_code, placed_at, created_at, updated_at)
        select md5('o{n}' || i)::uuid, 'acme', md5('c{n}' || i)::uuid, 'L{n}-' || i, '2026-01-02', '2026-01-02',
            '2026-01-02'
        from generate_series(1, 3) as i;
        insert into commerce.carts (id, tenant_id, customer_id, created_at, updated_at)
        values (md5('cart{n}')::uuid, 'acme', null, '2026-01-02', '2026-01-02');
        update commerce.orders set customer_id = md5('c{n}2')::uuid, status = 'paid'
        where id = (select id from commerce.orders where order_code !~ '^L' order by id offset {n} limit 1);
        update commerce.carts set customer_id = md5('c{n}1')::uuid where id = md5('cart{n}')::uuid;
        update commerce.sessions set customer_id = null
        where id = (select id from commerce.sessions where customer_id is not null order by id offset {n} limit 1);
        delete from commerce.orders where order_code = 'L{n}-3';
        delete from commerce.customers where id = md5('c{n}3')::uuid;
    """,
    "booking": """
        insert into booking.appointments
            (id, tenant_id, customer_name, customer_email, customer_phone, appointment_date, created_at, updated_at)
        select 'late{n}' || i, tenant_id, customer_name, customer_email, customer_phone, '2026-02-0' || i, '2026-01-02',
            '2026-01-02'
        from (
            select *, row_number() over (order by id) as i from booking.appointments
            where id !~ '^late' and customer_phone is not null
        ) as known
        where i <= 3;
        insert into booking.appointments (id, tenant_id, customer_name, created_at, updated_at)
        values ('late{n}x', 'acme', 'Nobody Known', '2026-01-02', '2026-01-02');
        update booking.appointments set customer_phone = '+33612345678', status = 'completed'
        where id = (select min(id) from booking.appointments where id !~ '^late');
        update booking.appointments set appointment_date = '2027-03-0{n}' where id = 'late{n}1';
        insert into booking.omni_conversations
            (id, tenant_id, channel, customer_phone, first_message_at, created_at, updated_at)
        select 'talk{n}', tenant_id, 'sms', customer_phone, '2026-02-11', '2026-01-02', '2026-01-02'
        from booking.appointments where id = 'late{n}2';
        delete from booking.appointments where id = 'late{n}3';
    """,
    "field_service": """
        insert into field_service.service_tickets
            (id, tenant_id, ticket_number, customer_id, customer_name, customer_phone, title, created_at, updated_at)
        select md5('t{n}' || i), tenant_id, 'LATE-{n}' || i, customer_id, customer_name, customer_phone, 'late',
            '2026-01-02', '2026-01-02'
        from (
            select *, row_number() over (order by id) as i from field_service.service_tickets
            where title <> 'late' and customer_id ~ '^[0-9a-f]{{32}}$'
        ) as known
        where i <= 3;
        insert into field_service.service_tickets
            (id, tenant_id, ticket_number, customer_id, title, created_at, updated_at)
        values (md5('tx{n}'), 'acme', 'LATE-X{n}', '', 'late', '2026-01-02', '2026-01-02');
        update field_service.service_tickets set customer_phone = '98450 1234{n}', status = 'closed'
        where id = (select min(id) from field_service.service_tickets where title <> 'late');
        update field_service.equipment set customer_contact_phone = '98450 5678{n}'
        where id = (select min(id) from field_service.equipment);
        delete from field_service.service_tickets where id = md5('t{n}3');
    """,
    "marketplace": """
        insert into marketplace.users (id, tenant_id, user_type, full_name, phone_number, created_at, updated_at)
        values (md5('u{n}')::uuid, 'acme', 'client', 'Late {n}', '+57300111222{n}', '2026-01-02', '2026-01-02');
        insert into marketplace.service_requests (id, tenant_id, client_id, service_type, created_at, updated_at)
        select md5('r{n}' || i)::uuid, tenant_id, id, 'late', '2026-01-02', '2026-01-02'
        from (
            select *, row_number() over (order by id) as i from marketplace.users
            where user_type = 'client' and full_name !~ '^Late'
        ) as known
        where i <= 3;
        update marketplace.service_requests set client_id = md5('u{n}')::uuid where id = md5('r{n}1')::uuid;
        update marketplace.users set phone_number = '+5730011133{n}' where id = md5('u{n}')::uuid;
        delete from marketplace.service_requests where id = md5('r{n}3')::uuid;
    """,
    "crm": """
        insert into crm.leads_master (id, tenant_id, full_name, phone_number, created_at, updated_at)
        select md5('l{n}' || i)::uuid, tenant_id, full_name, phone_number, '2026-01-02', '2026-01-02'
        from (
            select *, row_number() over (order by id) as i from crm.leads_master
            where phone_number is not null and notes is distinct from 'late'
        ) as known
        where i <= 3;
        insert into crm.leads_master (id, tenant_id, full_name, notes, created_at, updated_at)
        values (md5('lx{n}')::uuid, 'acme', 'No Phone', 'late', '2026-01-02', '2026-01-02');
        update crm.leads_master set customer_id = md5('anybody{n}')::uuid, status = 'won' where id = md5('l{n}1')::uuid;
        update crm.leads_master set phone_number = '98450 9876{n}'
        where id = (select id from crm.leads_master where notes is distinct from 'late' order by id limit 1);
        delete from crm.leads_master where id = md5('l{n}3')::uuid;
    """,
}


def write(url: str, system: str, round_number: int) -> None:
    """One round of what the application does that knows the old schema only."""
    with psycopg.connect(url) as connection:
        connection.execute(WRITES[system].format(n=round_number).encode())


def make_template(server: Server, *, people: int = 150) -> str:
    """A database with five legacy systems and the customers built from them; its name, for copies."""
    name = f"cutover_template_{next(_numbers)}"
    with connect(server.url("postgres")) as admin:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    legacy.generate(server.url(name), people=people)
    build(server.url(name))
    return name


@contextmanager
def copies(server: Server, template: str, number: int = 1) -> Iterator[list[str]]:
    """URLs of fresh copies of a template."""
    names = [f"cutover_{next(_numbers)}" for _ in range(number)]
    with connect(server.url("postgres")) as admin:
        for name in names:
            admin.execute(
                sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
            )
    try:
        yield [server.url(name) for name in names]
    finally:
        with connect(server.url("postgres")) as admin:
            for name in names:
                admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def manifest_of(system: str) -> Manifest:
    """The manifest that ships, without a grace period."""
    return load_manifest(system).model_copy(update={"grace_days": 0})


@contextmanager
def engine_on(url: str, system: str, *, limits: Limits = LIMITS, report: Report | None = None) -> Iterator[Engine]:
    """An engine in an operator's session of its own."""
    with engines(find_database(url), [manifest_of(system)], limits, report) as (engine,):
        yield engine


def apply(url: str, system: str, *phases: str, limits: Limits = LIMITS, consent: Consent = AGREED) -> None:
    """Apply phases, each in a session of its own, as commands do."""
    for phase in phases:
        with engine_on(url, system, limits=limits) as engine:
            engine.apply(phase, consent=consent)


def rollback(url: str, system: str, to: str | None = None) -> None:
    """Take back what came after a phase."""
    with engine_on(url, system) as engine:
        engine.rollback(to)


def checksums(url: str, schemas: Sequence[str]) -> dict[str, str]:
    """{table: digest of its rows in order}."""
    found = {}
    with connect(url) as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname = any(%s) order by 1, 2", [list(schemas)]
        ).fetchall()
        for schema, table in tables:
            digest = hashlib.sha256()
            name = sql.Identifier(schema, table)
            for (row,) in connection.execute(
                sql.SQL('select t::text from {} as t order by t::text collate "C"').format(name)
            ):
                digest.update(row.encode() + b"\n")
            found[f"{schema}.{table}"] = digest.hexdigest()
    return found


def schema_dump(server: Server, url: str, *schemas: str) -> str:
    """What pg_dump says about the schemas, without what differs between two dumps of the same."""
    binaries = server.bin_dir or embedded_binaries()
    wanted = [f"--schema={schema}" for schema in schemas]
    command = [str(binaries / "pg_dump"), "--schema-only", *wanted, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ}).stdout
    return "\n".join(line for line in said.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))


def rows(url: str, query: str, parameters: Sequence[Any] | None = None) -> list[Any]:
    """All rows of a query."""
    with connect(url) as connection:
        cursor = connection.execute(query.encode(), parameters)
        return cursor.fetchall() if cursor.description else []
