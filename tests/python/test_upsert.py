"""The upsert materialization: what stands on an operational table stays, and only what differs is written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from builds import build, connect, longest_wait, one, versions

from customer360 import legacy
from customer360.errors import BuildError


@pytest.fixture(scope="module")
def built(database: str) -> str:
    legacy.generate(database, people=150)
    build(database)
    return database


@pytest.fixture
def connection(built: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(built) as connection:
        yield connection


def test_what_others_put_on_customers_survives(built: str, connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        """
        create schema app;
        create role c360_test_reader;
        create table app.notes (customer_id uuid references c360.customers);
        insert into app.notes select customer_id from c360.customers limit 3;
        create function app.nothing() returns trigger language plpgsql as 'begin return new; end';
        create trigger app_trigger before update on c360.customers for each row execute function app.nothing();
        alter table c360.customers enable row level security;
        create policy app_policy on c360.customers for select to c360_test_reader using (tenant_id = 'meridian');
        grant select on c360.customers to c360_test_reader;
        create view app.names as select name from c360.customers;
        alter table c360.customers add column app_column text default 'mine';
        """
    )
    standing = """
        select
            (
                select count(*) from pg_constraint
                where confrelid = 'c360.customers'::regclass and conrelid = 'app.notes'::regclass
            ),
            (select count(*) from pg_trigger where tgname = 'app_trigger'),
            (select count(*) from pg_policy where polname = 'app_policy'),
            (select relrowsecurity from pg_class where oid = 'c360.customers'::regclass),
            has_table_privilege('c360_test_reader', 'c360.customers', 'select'),
            (select count(*) from app.names) > 0,
            (select count(*) from c360.customers where app_column = 'mine') > 0
    """
    expected = (1, 1, 1, True, True, True, True)
    oid = one(connection, "select 'c360.customers'::regclass::oid")
    assert connection.execute(standing).fetchone() == expected
    for full_refresh in (False, True):
        connection.execute("update marketplace.users set full_name = full_name || ' Neue' where user_type = 'client'")
        build(built, full_refresh=full_refresh)
        assert connection.execute(standing).fetchone() == expected
        assert one(connection, "select 'c360.customers'::regclass::oid") == oid


def test_only_what_differs_is_written(built: str, connection: psycopg.Connection[Any]) -> None:
    build(built)
    before = versions(connection)
    changed = one(
        connection,
        """
        update crm.leads_master set notes = 'rings twice', updated_at = '2030-01-01'
        where id::text = (select source_id from c360.customer_leads order by record_no limit 1)
        returning id::text
        """,
    )
    build(built)
    after = versions(connection)
    written = {table: len(set(after[table]) - set(before[table])) for table in after if after[table] != before[table]}
    assert written == {"c360.customers": 1, "c360_intermediate.int_records": 1}
    judged = one(connection, "select count(*) from c360_intermediate.int_touched_identifiers")
    assert judged == 0, "a note says nothing of anybody's identifiers"
    assert (
        one(
            connection,
            """
        select notes from c360.customers
        inner join c360.customer_leads using (customer_id)
        where source_id = %s
        """,
            [changed],
        )
        == "rings twice"
    )


def test_a_table_that_lacks_a_contract_column_gets_it(built: str, connection: psycopg.Connection[Any]) -> None:
    had = one(connection, "select count(organization_name) from c360.customers")
    connection.execute("alter table c360.customers drop column organization_name cascade")
    build(built)
    assert one(connection, "select count(organization_name) from c360.customers") == had > 0


def test_a_column_that_is_added_keeps_nobody_waiting(built: str, connection: psycopg.Connection[Any]) -> None:
    """A reader that stays keeps it away for a while, and whoever comes after the reader does not queue behind it."""
    count = "select count(*) from c360.customers"
    connection.execute("alter table c360.customers drop column tier cascade")
    connection.execute("set statement_timeout = '20s'")
    waits = "select count(*) from pg_stat_activity where query like '%%add column%%tier%%' and pid <> pg_backend_pid()"
    with connect(built) as reader, ThreadPoolExecutor() as threads:
        with reader.transaction():
            one(reader, count)
            building = threads.submit(build, built)
            longest_wait(connection, count, lambda: building.done() or one(connection, waits) > 0)
            enough = time.monotonic() + 3
            longest = longest_wait(connection, count, lambda: time.monotonic() > enough)
            assert not building.done(), "the column was added beside a reader"
        building.result()
    assert longest < 5
    assert one(connection, "select count(tier) from c360.customers") >= 0


def test_a_seed_that_lacks_a_column_of_its_file_gets_it(built: str, connection: psycopg.Connection[Any]) -> None:
    """A database from before the column; what stands on the seed stays."""
    connection.execute("create view public.weights as select model_version from c360_seeds.match_weights")
    connection.execute("alter table c360_seeds.match_weights drop column class_no")
    connection.execute("delete from c360_ops.built_objects where name = 'match_weights'")  # another file made it
    build(built)
    loaded = one(connection, "select count(class_no) from c360_seeds.match_weights")
    assert loaded == one(connection, "select count(*) from public.weights") > 0
    connection.execute("drop view public.weights")


def test_a_missing_index_comes_back_whatever_changes(built: str, connection: psycopg.Connection[Any]) -> None:
    """Two customers swap phones: the check of the deferred constraint on them waits until the build commits."""
    phones = "select array_agg(primary_phone order by name) from c360.customers where name in ('Ida Swap', 'Odo Trade')"
    swapped = ["+573009112233", "+573009445566"]
    connection.execute(
        """
        insert into marketplace.users (id, tenant_id, user_type, full_name, phone_number, is_active, created_at)
        values
            (gen_random_uuid(), 'meridian', 'client', 'Ida Swap', '+573009445566', true, '2019-01-01'),
            (gen_random_uuid(), 'meridian', 'client', 'Odo Trade', '+573009112233', true, '2019-01-02')
        """
    )
    build(built)
    assert one(connection, phones) == swapped[::-1]
    connection.execute(
        """
        update marketplace.users
        set phone_number = case full_name when 'Ida Swap' then '+573009112233' else '+573009445566' end
        where full_name in ('Ida Swap', 'Odo Trade')
        """
    )
    connection.execute("drop index c360.idx_customers_type")
    build(built)
    assert one(connection, "select to_regclass('c360.idx_customers_type') is not null")
    assert one(connection, phones) == swapped


def test_a_row_changes_where_it_stands(built: str, connection: psycopg.Connection[Any]) -> None:
    """Pages have room: a new version goes beside the last one, and no index that it does not concern has to follow."""
    row = connection.execute(
        """
        select customers.customer_id, links.source_id
        from c360.customers
        inner join c360.customer_users as links using (customer_id)
        where customers.record_count = 1
        order by customers.ctid
        limit 1
        """
    ).fetchone()
    assert row is not None
    place = "select (ctid::text::point)[0], preferred_language from c360.customers where customer_id = %s"
    found = connection.execute(place, [row[0]]).fetchone()
    assert found is not None
    before = one(connection, "select pg_stat_get_tuples_hot_updated('c360.customers'::regclass)")
    connection.execute("update marketplace.users set preferred_language = 'pt' where id::text = %s", [row[1]])
    build(built)
    assert connection.execute(place, [row[0]]).fetchone() == (found[0], "pt")
    assert one(connection, "select pg_stat_get_tuples_hot_updated('c360.customers'::regclass)") == before + 1


def test_a_view_in_the_way_is_named_and_left_alone(built: str, connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "alter table c360.customer_carts rename to kept; create view c360.customer_carts as select 1 as a"
    )
    try:
        with pytest.raises(BuildError, match="is a view, and upsert never drops"):
            build(built, select=("customer_carts",))
        assert one(connection, "select a from c360.customer_carts") == 1
    finally:
        connection.execute("drop view c360.customer_carts; alter table c360.kept rename to customer_carts")


def test_a_broken_contract_is_named(built: str, connection: psycopg.Connection[Any]) -> None:
    connection.execute("drop view c360_masked.customer_carts")  # which stands on the column's type
    connection.execute("alter table c360.customer_carts alter column tenant_id type varchar(300)")
    try:
        with pytest.raises(
            BuildError, match=r"tenant_id: the contract says character varying\(300\), the model returns text"
        ):
            build(built, select=("customer_carts",))
    finally:
        connection.execute("drop view if exists c360_masked.customer_carts")  # a build makes it again
        connection.execute("alter table c360.customer_carts alter column tenant_id type text")
