"""Which legacy rows a build reads: those that somebody wrote, however they came, and no clock is trusted for that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from builds import build, connect, one, operational_tables
from psycopg import sql

from customer360 import legacy

MODELS_ONLY = ("resource_type:test", "resource_type:unit_test")
LEADS = 6


@pytest.fixture(scope="module")
def built(each_database: str) -> str:
    """Five systems, of which one is empty but for a few leads; and a table in partitions."""
    legacy.generate(each_database, people=30)
    with connect(each_database) as connection:
        connection.execute("truncate crm.leads_master")
        add_leads(connection, *range(LEADS))
        connection.execute(
            """
            alter table marketplace.service_requests rename to requests_as_they_came;
            create table marketplace.service_requests (like marketplace.requests_as_they_came)
            partition by list (status);
            create table marketplace.requests_open partition of marketplace.service_requests for values in ('open');
            create table marketplace.requests_done partition of marketplace.service_requests for values in ('done');
            """
        )
        add_requests(connection, "marketplace.service_requests", *range(4), status="open")
    build(each_database, exclude=MODELS_ONLY)
    return each_database


@pytest.fixture
def connection(built: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(built) as connection:
        yield connection


def lead_id(no: int) -> str:
    return f"00000000-0000-4000-8000-{no:012d}"


def add_leads(connection: psycopg.Connection[Any], *numbers: int, name: str = "Ana Ruiz") -> None:
    for no in numbers:
        connection.execute(
            "insert into crm.leads_master (id, tenant_id, full_name, phone_number, created_at, updated_at) "
            "values (%s, 'solo', %s, %s, '2020-01-01', '2020-01-01')",
            [lead_id(no), name, f"+57300111{no:04d}"],
        )


def add_requests(connection: psycopg.Connection[Any], table: str, *numbers: int, status: str) -> None:
    for no in numbers:
        connection.execute(
            sql.SQL(
                "insert into {} (id, tenant_id, client_id, service_type, status, created_at, updated_at) "
                "values (%s, 'solo', %s, 'repair', %s, '2020-01-01', '2020-01-01')"
            ).format(sql.Identifier(*table.split("."))),
            [lead_id(1000 + no), lead_id(no), status],
        )


def leads(connection: psycopg.Connection[Any]) -> dict[int, str]:
    """The live leads of the registry, with their names."""
    return names(connection, "leads_master", "full_name")


def requests(connection: psycopg.Connection[Any]) -> dict[int, int]:
    """The live requests of the registry, with the number of the client that they name."""
    return {
        no - 1000: int(client[-12:])
        for no, client in names(connection, "service_requests", "customer_reference").items()
    }


def names(connection: psycopg.Connection[Any], entity: str, column: str) -> dict[int, Any]:
    rows = connection.execute(
        sql.SQL(
            "select right(source_id, 12)::integer, {} from c360_intermediate.int_records "
            "where entity = %s and tenant_id = 'solo' and record_status = 'live'"
        ).format(sql.Identifier(column)),
        [entity],
    ).fetchall()
    return dict(rows)


def read(connection: psycopg.Connection[Any]) -> int:
    """How many records the last build had to read."""
    return int(one(connection, "select count(*) from c360_intermediate.int_record_changes"))


def run(url: str) -> None:
    build(url, exclude=MODELS_ONLY)


def written(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """(ctid, xmin) of every row of every operational table."""
    return {
        table: connection.execute(f"select ctid::text, xmin::text from {table} order by 1").fetchall()
        for table in operational_tables(connection)
    }


def test_an_update_that_leaves_updated_at_alone_is_seen(built: str, connection: psycopg.Connection[Any]) -> None:
    connection.execute("update crm.leads_master set full_name = 'Ben Soto' where id = %s", [lead_id(1)])
    run(built)
    assert leads(connection)[1] == "Ben Soto"
    assert read(connection) == 1


def test_a_row_that_a_slow_transaction_wrote_before_the_last_build_is_seen(
    built: str, connection: psycopg.Connection[Any]
) -> None:
    with psycopg.connect(built) as slow:
        add_leads(slow, 10, name="Slow Comer")
        slow.execute("savepoint inner_one")
        add_leads(slow, 11, name="Slower Comer")
        slow.execute("release savepoint inner_one")
        add_leads(connection, 12, name="Quick Comer")
        run(built)
        assert leads(connection).keys() & {10, 11, 12} == {12}
        slow.commit()
    run(built)
    assert leads(connection).keys() & {10, 11, 12} == {10, 11, 12}


def test_as_many_rows_come_as_go(built: str, connection: psycopg.Connection[Any]) -> None:
    connection.execute("delete from crm.leads_master where id = any (%s)", [[lead_id(10), lead_id(11), lead_id(12)]])
    add_leads(connection, 20, 21)
    connection.execute("update crm.leads_master set tenant_id = 'other' where id = %s", [lead_id(0)])
    connection.execute("delete from crm.leads_master where id = %s", [lead_id(2)])
    add_leads(connection, 2, name="Born Again")
    run(built)
    assert leads(connection).keys() == {1, 2, 3, 4, 5, 20, 21}
    assert leads(connection)[2] == "Born Again"
    connection.execute("update crm.leads_master set tenant_id = 'solo' where id = %s", [lead_id(0)])
    run(built)
    assert leads(connection).keys() == {0, 1, 2, 3, 4, 5, 20, 21}


def test_a_reload_of_the_same_rows_changes_nothing(built: str, connection: psycopg.Connection[Any]) -> None:
    before, customers = leads(connection), written(connection)
    connection.execute(
        """
        create temporary table kept as select * from crm.leads_master;
        truncate crm.leads_master;
        insert into crm.leads_master select * from kept
        """
    )
    run(built)
    assert leads(connection) == before
    assert written(connection) == customers
    connection.execute("vacuum full crm.leads_master")
    connection.execute("vacuum freeze crm.leads_master")
    run(built)
    assert read(connection) == 0
    assert written(connection) == customers


@pytest.mark.parametrize("kind", ["table", "view"])
def test_what_takes_the_place_of_a_table_is_read(built: str, connection: psycopg.Connection[Any], kind: str) -> None:
    """Rows written long before the last build: their transactions say nothing about this name."""
    before = leads(connection)
    connection.execute("create table crm.leads_to_come as select * from crm.leads_master")
    connection.execute("update crm.leads_to_come set full_name = 'From Elsewhere' where id = %s", [lead_id(3)])
    run(built)
    assert leads(connection) == before
    connection.execute("alter table crm.leads_master rename to leads_that_were")
    if kind == "table":
        connection.execute("alter table crm.leads_to_come rename to leads_master")
    else:
        connection.execute("create view crm.leads_master as select * from crm.leads_to_come")
    try:
        run(built)
        assert leads(connection) == before | {3: "From Elsewhere"}
        source = "crm.leads_master" if kind == "table" else "crm.leads_to_come"
        connection.execute(f"update {source} set full_name = 'Seen Too' where id = %s", [lead_id(4)])
        connection.execute(f"delete from {source} where id = %s", [lead_id(5)])
        run(built)
        assert leads(connection) == {no: name for no, name in before.items() if no != 5} | {
            3: "From Elsewhere",
            4: "Seen Too",
        }
    finally:
        connection.execute(f"drop {kind} crm.leads_master cascade; drop table if exists crm.leads_to_come")
        connection.execute("alter table crm.leads_that_were rename to leads_master")
        run(built)
    assert leads(connection) == before, "the first table is back"


def test_a_column_that_is_added_without_a_rewrite_is_seen(built: str, connection: psycopg.Connection[Any]) -> None:
    before = leads(connection)
    connection.execute("alter table crm.leads_master rename column notes to remarks")
    connection.execute("alter table crm.leads_master add column notes text default 'called back'")
    run(built)
    assert set(names(connection, "leads_master", "notes").values()) == {"called back"}
    connection.execute("alter table crm.leads_master drop column notes cascade")
    connection.execute("alter table crm.leads_master rename column remarks to notes")
    run(built)
    assert set(names(connection, "leads_master", "notes").values()) == {None}
    assert leads(connection) == before


def test_partitions_are_read_by_their_rows_transactions(built: str, connection: psycopg.Connection[Any]) -> None:
    assert requests(connection) == {0: 0, 1: 1, 2: 2, 3: 3}
    unknown = "select count(*) from c360_staging.stg_marketplace__service_requests where row_xmin is null"
    assert one(connection, unknown) == 0
    add_requests(connection, "marketplace.service_requests", 4, status="done")
    connection.execute("update marketplace.service_requests set status = 'done' where id = %s", [lead_id(1003)])
    connection.execute(
        "update marketplace.service_requests set client_id = %s where id = %s", [lead_id(7), lead_id(1000)]
    )
    run(built)
    assert requests(connection) == {0: 7, 1: 1, 2: 2, 3: 3, 4: 4}
    assert read(connection) == 3, "and none of those that nobody wrote"


def test_partitions_come_and_go(built: str, connection: psycopg.Connection[Any]) -> None:
    """The rows of the new partition are older than the last build, and as many as those that leave."""
    connection.execute("create table marketplace.requests_other (like marketplace.requests_done)")
    add_requests(connection, "marketplace.requests_other", 3, status="done")
    connection.execute("update marketplace.requests_other set client_id = %s", [lead_id(9)])
    add_requests(connection, "marketplace.requests_other", 8, status="done")
    run(built)
    assert requests(connection) == {0: 7, 1: 1, 2: 2, 3: 3, 4: 4}
    connection.execute("alter table marketplace.service_requests detach partition marketplace.requests_done")
    connection.execute(
        "alter table marketplace.service_requests attach partition marketplace.requests_other for values in ('done')"
    )
    run(built)
    assert requests(connection) == {0: 7, 1: 1, 2: 2, 3: 9, 8: 8}
    connection.execute("alter table marketplace.service_requests detach partition marketplace.requests_other")
    run(built)
    assert requests(connection) == {0: 7, 1: 1, 2: 2}
