"""What a build does after the legacy tables changed: merges, splits, deletions, mended rows, absent systems."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from builds import build, connect, one

from customer360 import legacy

ANA = "00000000-0000-4000-8000-00000000000a"
BEN = "00000000-0000-4000-8000-00000000000b"


@pytest.fixture(scope="module")
def built(database: str) -> str:
    """Five empty systems with two people in one of them."""
    legacy.generate(database, people=30)
    with connect(database) as connection:
        for table in ("marketplace.users", "marketplace.service_requests", "booking.prospects", "booking.appointments"):
            connection.execute(f"truncate {table}")
        connection.execute(
            """
            truncate booking.omni_conversations, field_service.service_tickets, field_service.equipment,
                commerce.carts, commerce.orders, commerce.sessions, commerce.profiles, crm.leads_master;
            delete from commerce.customers;
            """
        )
        for key, name, phone, year in (
            (ANA, "Ana Ruiz", "+573001112233", 2019),
            (BEN, "Ben Soto", "+573004445566", 2020),
        ):
            connection.execute(
                """
                insert into marketplace.users (id, tenant_id, user_type, full_name, phone_number, is_active, created_at)
                values (%s, 'meridian', 'client', %s, %s, true, make_date(%s, 1, 1))
                """,
                [key, name, phone, year],
            )
    build(database)
    return database


@pytest.fixture
def connection(built: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(built) as connection:
        yield connection


def customers(connection: psycopg.Connection[Any]) -> dict[str, tuple[str, int]]:
    rows = connection.execute("select customer_id::text, status, record_count from c360.customers").fetchall()
    return {customer_id: (status, records) for customer_id, status, records in rows}


def redirects(connection: psycopg.Connection[Any]) -> dict[str, str]:
    return dict(
        connection.execute(
            "select from_customer_id::text, to_customer_id::text from c360.customer_redirects"
        ).fetchall()
    )


def test_a_customer_keeps_its_legacy_id(connection: psycopg.Connection[Any]) -> None:
    assert customers(connection) == {ANA: ("active", 1), BEN: ("active", 1)}


def test_a_merge_leaves_a_redirect_and_its_undoing_brings_the_id_back(
    built: str, connection: psycopg.Connection[Any]
) -> None:
    connection.execute("update marketplace.users set phone_number = '+573001112233' where id = %s", [BEN])
    build(built)
    assert customers(connection) == {ANA: ("active", 2), BEN: ("merged", 0)}
    assert redirects(connection) == {BEN: ANA}
    assert one(connection, "select count(*) from c360.customer_users where customer_id = %s", [ANA]) == 2

    connection.execute("update marketplace.users set phone_number = '+573004445566' where id = %s", [BEN])
    build(built)
    assert customers(connection) == {ANA: ("active", 1), BEN: ("active", 1)}
    assert redirects(connection) == {}
    assert one(connection, "select primary_phone from c360.customers where customer_id = %s", [BEN]) == "+573004445566"


def test_an_order_finds_its_customer_when_that_arrives(built: str, connection: psycopg.Connection[Any]) -> None:
    late = "00000000-0000-4000-8000-0000000000cc"
    connection.execute(
        "insert into commerce.carts (id, tenant_id, customer_id) values (gen_random_uuid(), 'meridian', null)"
    )
    connection.execute(
        """
        insert into marketplace.service_requests (id, tenant_id, client_id, service_type, description, created_at)
        values (gen_random_uuid(), 'meridian', %s, 'repair', 'before its client', '2020-05-05')
        """,
        [late],
    )
    build(built)
    reasons = connection.execute("select entity, reason from c360.unidentified_records order by 1").fetchall()
    assert reasons == [
        ("carts", "it names no customer"),
        ("service_requests", "the customer that it names is not there"),
    ]
    connection.execute(
        """
        insert into marketplace.users (id, tenant_id, user_type, full_name, phone_number, is_active, created_at)
        values (%s, 'meridian', 'client', 'Late Comer', '+573007778899', true, '2019-01-01')
        """,
        [late],
    )
    build(built)
    assert one(connection, "select count(*) from c360.unidentified_records") == 1
    assert one(connection, "select customer_id::text from c360.customer_service_requests") == late
    assert one(connection, "select description from c360.customer_service_requests") == "before its client"


def test_a_deleted_anchor_leads_on(built: str, connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        """
        insert into crm.leads_master (id, tenant_id, full_name, phone_number, created_at)
        values ('00000000-0000-4000-8000-0000000000dd', 'meridian', 'Benjamín Soto', '+57 300 444 5566', '2021-01-01')
        """
    )
    build(built)
    assert customers(connection)[BEN] == ("active", 2)
    connection.execute("delete from marketplace.users where id = %s", [BEN])
    build(built)
    heir = one(connection, "select customer_id::text from c360.customer_leads")
    assert heir != BEN
    assert customers(connection)[BEN][0] == "merged"
    assert customers(connection)[heir] == ("active", 1)
    assert redirects(connection)[BEN] == heir
    assert (
        one(connection, "select count(full_name) from c360_intermediate.int_records where record_status = 'deleted'")
        == 0
    )
    connection.execute("delete from crm.leads_master")
    build(built)
    assert customers(connection)[heir][0] == "inactive", "nobody is left, and the row stays"


def test_a_bad_row_waits_and_comes_back(built: str, connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        """
        insert into booking.appointments (id, tenant_id, customer_name, customer_phone, appointment_date, created_at)
        values ('a1', 'meridian', 'Ana Ruiz', '+573001112233', '31/02/2024', '2024-01-01')
        """
    )
    build(built)
    assert connection.execute(
        "select system, entity, source_id, column_name, reason from c360.quarantined_values"
    ).fetchall() == [("booking", "appointments", "a1", "appointment_date", "not a date: 31/02/2024")]
    number = one(connection, "select record_no from c360_intermediate.int_records where source_id = 'a1'")
    connection.execute("update booking.appointments set appointment_date = '28/02/2024' where id = 'a1'")
    build(built)
    assert one(connection, "select count(*) from c360.quarantined_values") == 0
    assert one(connection, "select record_no from c360_intermediate.int_records where source_id = 'a1'") == number
    assert connection.execute(
        "select total_appointments, last_contact_at::date::text from c360.customers where customer_id = %s", [ANA]
    ).fetchone() == (1, "2024-02-28")


def test_a_missing_table_warns_and_keeps_its_records(built: str, connection: psycopg.Connection[Any]) -> None:
    before = customers(connection)
    connection.execute("alter table marketplace.users rename to users_away")
    try:
        done = build(built)
        assert any("marketplace.users counts as unread" in warning for warning in done.warnings)
        assert any("disabled_systems: [marketplace]" in warning for warning in done.warnings)
        assert customers(connection) == before
    finally:
        connection.execute("alter table marketplace.users_away rename to users")


def test_a_system_that_is_switched_off_is_left_as_it_was(built: str, connection: psycopg.Connection[Any]) -> None:
    before = customers(connection)
    connection.execute("create schema away; alter table crm.leads_master set schema away")
    try:
        done = build(built, variables="{disabled_systems: [marketplace, crm]}")
        assert not [warning for warning in done.warnings if "unread" in warning]
        assert customers(connection) == before
    finally:
        connection.execute("alter table away.leads_master set schema crm; drop schema away")


def test_a_table_without_tenant_belongs_to_the_default_tenant(built: str, connection: psycopg.Connection[Any]) -> None:
    connection.execute("alter table crm.leads_master drop column tenant_id cascade")
    connection.execute(
        "insert into crm.leads_master (id, full_name, phone_number) "
        "values (gen_random_uuid(), 'Ana Ruiz', '+573001112233')"
    )
    build(built, variables="{default_tenant: solo}")
    assert one(connection, "select tenant_id from c360.customer_leads") == "solo"
    assert one(connection, "select customer_id::text from c360.customer_leads") != ANA, "tenants never mix"


def test_a_missing_column_is_named(built: str, connection: psycopg.Connection[Any]) -> None:
    from customer360.errors import BuildError

    connection.execute("alter table crm.leads_master rename column phone_number to telephone")
    try:
        with pytest.raises(BuildError, match="lacks the column phone_number"):
            build(built, select=("stg_crm__leads_master",))
    finally:
        connection.execute("alter table crm.leads_master rename column telephone to phone_number")


def test_a_new_phone_plan_reads_the_records_with_a_phone_anew(connection: psycopg.Connection[Any]) -> None:
    hashes = "select array_agg(row_hash order by source_id) from c360_staging.stg_marketplace__users"
    plan = "create or replace function c360_functions.phone_plan_version() returns text immutable parallel safe as '{}'"
    before, version = one(connection, hashes), one(connection, "select c360_functions.phone_plan_version()")
    connection.execute(plan.format("select ''0.0.0''") + " language sql")
    renewed = one(connection, hashes)
    connection.execute(plan.format(f"select ''{version}''") + " language sql")
    assert before == one(connection, hashes)
    assert not set(before) & set(renewed)
