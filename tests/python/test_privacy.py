"""Personal data: every column that holds it is marked, and each role reads what it must and nothing else."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from builds import build, connect, longest_wait, one
from click.testing import Result
from dbt.cli.main import dbtRunner
from psycopg import sql

from customer360 import legacy
from customer360.config import find_database
from customer360.errors import BuildError
from customer360.profiles import example_profile
from customer360.project import project_dir
from customer360.server import Server
from cutovers import copies

# Names of columns that hold personal data, and those that only sound like it.
PERSONAL = re.compile(
    r"(^|_)(names?|phone|whatsapp|email|address|street|house|postal|city|state|country|birth|tax|registration|government"
    r"|website|notes|tags|problems)(_|$)"
)
HARMLESS = {
    "column_name",  # of a legacy table
    "name_groups",  # how many
    "email_domain",
}
# Of each attribute how well two records agree, as a small number.
LEVELS = "int_comparison_vectors"
# Who made a decision or a row is staff, and no customer.
SCHEMAS = ("c360", "c360_intermediate", "c360_history", "c360_staging")


@pytest.fixture(scope="module")
def url(postgres: Server, built: str) -> Iterator[str]:
    """A copy of the built database."""
    with copies(postgres, built) as (copy,):
        yield copy


@pytest.fixture(scope="module")
def connection(url: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(url) as connection:
        yield connection


@pytest.fixture(scope="module")
def marks(url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, str | None]]:
    """{(schema, table): {column: kind of personal data}} of every model and snapshot, as YAML describes them."""
    target = tmp_path_factory.mktemp("parsed")
    with connect(url) as connection, example_profile(connection, "c360") as profiles:
        parsed = dbtRunner().invoke(
            [
                *("parse", "--project-dir", str(project_dir()), "--profiles-dir", str(profiles), "--quiet"),
                *("--target-path", str(target), "--log-path", str(target), "--vars", "{score_pairs: true}"),
            ]
        )
    assert parsed.success, parsed.exception
    nodes = json.loads((target / "manifest.json").read_text())["nodes"].values()
    return {
        (node["schema"], node["name"]): {
            name: column["config"]["meta"].get("personal_data") for name, column in node["columns"].items()
        }
        for node in nodes
        if node["resource_type"] in ("model", "snapshot")
    }


Marks = dict[tuple[str, str], dict[str, str | None]]


def test_columns_that_sound_personal_are_marked(marks: Marks) -> None:
    marked = sum(kind is not None for columns in marks.values() for kind in columns.values())
    assert marked > 300
    assert [
        f"{table}.{column}"
        for (_, table), columns in marks.items()
        for column, kind in columns.items()
        if kind is None and PERSONAL.search(column) and column not in HARMLESS and table != LEVELS
    ] == []


def test_every_column_of_every_relation_is_described(marks: Marks, connection: psycopg.Connection[Any]) -> None:
    """What is described nowhere cannot be marked; the masked views leave it out."""
    undescribed = [
        f"{table}.{column}"
        for schema, table, column in connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns where table_schema = any(%s)",
            [list(SCHEMAS)],
        )
        if (schema, table) in marks
        and column not in marks[schema, table]
        # dbt's own of a snapshot; and what staging has for the next run
        and column not in ("dbt_scd_id", "dbt_updated_at", "row_xmin")
    ]
    assert undescribed == []


def test_no_unmarked_column_holds_what_a_person_gave(marks: Marks, connection: psycopg.Connection[Any]) -> None:
    """By lineage: the values themselves, wherever a model may have carried them, whatever the column is called."""
    connection.execute(
        """
        create temporary table personal as
        select distinct value from c360_intermediate.int_records
        cross join lateral unnest(array[
            full_name, organization_name, phone, second_phone, whatsapp_number, email, phone_raw, email_raw,
            address_line1, postal_code, registration_number, tax_id
        ]) as value
        where length(value) >= 6;
        create temporary table hits (place text, is_marked boolean, example text);
        """
    )
    columns = connection.execute(
        """
        select table_schema, table_name, column_name from information_schema.columns
        where table_schema = any(%s) and data_type in ('text', 'character varying', 'jsonb', 'json', 'ARRAY')
        """,
        [list(SCHEMAS)],
    ).fetchall()
    for schema, table, column in columns:
        if (schema, table) not in marks:
            continue
        connection.execute(
            sql.SQL(
                """
                insert into hits
                select {place}, {is_marked}, min(found.value)
                from (select distinct {column}::text as value from {table}) as found
                where exists (select from personal where personal.value = found.value) or found.value ~ {contact}
                having count(*) > 0
                """
            ).format(
                place=sql.Literal(f"{schema}.{table}.{column}"),
                is_marked=sql.Literal(bool(marks[schema, table].get(column))),
                column=sql.Identifier(column),
                table=sql.Identifier(schema, table),
                contact=sql.Literal(r"[+][1-9][0-9]{8,14}|[^@ ]+@[^@ ]+[.][a-z]"),
            )
        )
    assert one(connection, "select count(*) from hits where is_marked") > 100
    assert connection.execute("select place, example from hits where not is_marked").fetchall() == []


def test_masked_views_show_no_personal_data(connection: psycopg.Connection[Any]) -> None:
    views = [
        name
        for (name,) in connection.execute(
            "select viewname from pg_views where schemaname = 'c360_masked' order by 1"
        ).fetchall()
    ]
    assert {"customers", "customer_360", "customer_timeline", "customers_history", "customer_carts"} <= set(views)
    connection.execute("create temporary table secrets (value text)")
    connection.execute(
        """
        insert into secrets
        select distinct unnest(array[name, primary_phone, primary_email, address_line1, tax_id, notes])
        from c360.customers
        """
    )
    for view in views:
        seen = one(
            connection,
            sql.SQL(
                """
                select count(*) from (
                    select each.value from {} as row cross join lateral jsonb_each_text(to_jsonb(row)) as each
                    where each.key not in ('city', 'state', 'country', 'title', 'status')
                ) as shown
                inner join secrets using (value) where length(value) > 2
                """
            ).format(sql.Identifier("c360_masked", view)),  # type: ignore[arg-type]
        )
        assert seen == 0, view
    shown = connection.execute(
        """
        select plain.name, masked.name, plain.primary_phone, masked.primary_phone, plain.primary_email,
            masked.primary_email, plain.city is not distinct from masked.city
        from c360.customers as plain inner join c360_masked.customers as masked using (customer_id)
        where plain.primary_phone is not null and plain.primary_email is not null and plain.name like '%% %%'
        """
    ).fetchall()
    assert len(shown) > 20
    for name, initials, phone, last_four, email, domain, same_city in shown:
        assert initials == " ".join(f"{word[0]}." for word in name.split())
        assert last_four == "…" + phone[-4:]
        assert domain == "…@" + email.partition("@")[2]
        assert same_city


READER_MUST_NOT = (
    "select primary_phone from c360.customers",
    "select * from c360.customer_360",
    "select * from c360.customer_timeline",
    "select * from c360.customer_contact_points",
    "select * from c360_intermediate.int_records",
    "select * from c360_intermediate.int_events",
    "select * from c360_history.customers_history",
    "select * from c360_ops.match_overrides",
    "select * from c360_staging.stg_crm__leads_master",
    "select * from crm.leads_master",
    "update c360_masked.customers set status = 'blocked'",
    "delete from c360_masked.customer_carts",
    "create table c360_masked.mine (x int)",
)
ADMIN_MUST_NOT = (
    "update c360.customers set status = 'blocked'",
    "delete from c360.customers",
    "insert into c360.customer_carts select * from c360.customer_carts",
    "truncate c360_intermediate.int_records",
    "update c360_ops.match_overrides set reason = 'mine'",
    "delete from c360_ops.build_history",
    "select * from crm.leads_master",
    "create table c360.mine (x int)",
)


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        *(("c360_reader", statement) for statement in READER_MUST_NOT),
        *(("c360_app", statement) for statement in (*READER_MUST_NOT, "select * from c360_masked.customers")),
        *(("c360_admin", statement) for statement in ADMIN_MUST_NOT),
    ],
)
def test_roles_may_not(connection: psycopg.Connection[Any], role: str, statement: str) -> None:
    with connection.transaction(force_rollback=True):
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())


def test_roles_may(connection: psycopg.Connection[Any]) -> None:
    count = "select (select count(*) from {0}.customers), (select sum(amount) from {0}.customer_timeline)"
    expected = connection.execute(count.format("c360").encode()).fetchone()
    for role, schema in (("c360_reader", "c360_masked"), ("c360_admin", "c360"), ("c360_admin", "c360_masked")):
        with connection.transaction(force_rollback=True):
            connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
            assert connection.execute(count.format(schema).encode()).fetchone() == expected
    with connection.transaction(force_rollback=True):
        connection.execute("set local role c360_admin")
        assert one(connection, "select count(*) from c360.customer_360") > 0
        assert one(connection, "select count(*) from c360_history.customers_history") > 0
        connection.execute(
            """
            insert into c360_ops.match_overrides
                (decision, tenant_id, system_a, entity_a, source_id_a, system_b, entity_b, source_id_b, reason)
            values ('separate', 't', 'crm', 'leads_master', '1', 'crm', 'leads_master', '2', 'father and son')
            """
        )
        connection.execute("delete from c360_ops.match_overrides")


def test_app_may_call_what_lies_in_the_schema_api(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,), connect(url) as connection:
        connection.execute(
            """
            create function api.answer() returns integer language sql return 42;
            revoke execute on function api.answer() from public;
            """
        )
        build(url, select=("customer_redirects",))
        for role in ("c360_app", "c360_admin"):
            with connection.transaction(force_rollback=True):
                connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
                assert one(connection, "select api.answer()") == 42
        with connection.transaction(force_rollback=True):
            connection.execute("set local role c360_reader")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("select api.answer()")


def test_roles_are_granted_beside_an_analyze(postgres: Server, built: str) -> None:
    """ANALYZE holds a lock on its table and waits for whoever granted something on it; autovacuum comes at any time."""
    waiting = "select count(*) from pg_locks where relation = 'c360.customers'::regclass and not granted"
    with copies(postgres, built) as (url,), connect(url) as connection, ThreadPoolExecutor() as threads:
        connection.execute("drop policy admin_reads on c360.customers; revoke select on c360.customers from c360_admin")
        with connection.transaction():
            connection.execute("lock table c360.customers in share update exclusive mode")
            building = threads.submit(build, url, select=("nicknames",))
            deadline = time.monotonic() + 120
            while not one(connection, waiting):
                assert not building.done(), building.result()
                assert time.monotonic() < deadline, "the build never came to the policy"
                time.sleep(0.05)
            connection.execute("analyze c360.customers")
        building.result()
        with connection.transaction(force_rollback=True):
            connection.execute("set local role c360_admin")
            assert one(connection, "select count(*) from c360.customers") > 0


def test_nobody_waits_long_for_the_policies_of_a_role(postgres: Server, built: str) -> None:
    """A reader that stays keeps the policy away; whoever comes after the reader must not queue behind the policy."""
    count = "select count(*) from c360.customers"
    with (
        copies(postgres, built) as (url,),
        connect(url) as connection,
        connect(url) as other,
        ThreadPoolExecutor() as threads,
    ):
        connection.execute("drop policy admin_reads on c360.customers")
        with connection.transaction():
            one(connection, count)
            building = threads.submit(build, url, select=("nicknames",))
            longest = longest_wait(other, count, building.done)
            with pytest.raises(BuildError, match=r"no lock for 15 seconds: .* on c360\.customers .*Build again"):
                building.result()
        assert longest > 0.1, "the build never tried"
        assert longest < 5, "readers queue behind the policy"
        build(url, select=("nicknames",))
        assert one(
            connection, "select count(*) from pg_policies where policyname = 'admin_reads' and tablename = 'customers'"
        )


STATE = """
    select 'relation', oid::regclass::text, xmin::text from pg_class
    where relnamespace in (select oid from pg_namespace where nspname like 'c360%' and nspname <> 'c360_intermediate')
    union all select 'policy', polname || polrelid, xmin::text from pg_policy
    union all select 'schema', nspname, xmin::text from pg_namespace where nspname like 'c360%'
    order by 1, 2
"""


def test_builder_without_createrole_builds_and_a_dba_makes_the_roles(
    c360: Callable[..., Result], tmp_path: Path
) -> None:
    server = Server(tmp_path / "data")  # of its own: roles belong to the whole server
    server.start()
    try:
        with connect(server.url("postgres")) as admin:
            admin.execute("create role builder login")
            admin.execute("create database shop owner builder")
            admin.execute("grant pg_read_all_settings to builder")
        url = find_database(server.url("shop")).conninfo
        legacy.generate(server.url("shop"), people=20)
        as_builder = server.url("shop").replace("postgres@", "builder@")
        with connect(server.url("shop")) as admin:
            for schema in ("marketplace", "booking", "field_service", "commerce", "crm"):
                admin.execute(f"grant usage on schema {schema} to builder".encode())
                admin.execute(f"grant select on all tables in schema {schema} to builder".encode())
            admin.execute("alter role builder bypassrls")
            done = build(as_builder)
            assert [each for each in done.warnings if "c360_reader, c360_app, c360_admin" in each]
            assert "c360 roles --sql" in " ".join(done.warnings)
            assert one(admin, "select count(*) from pg_roles where rolname ~ '^c360'") == 0
            assert "not there" in c360("roles", DATABASE_URL=as_builder).output

            script = c360("roles", "--sql").output
            for _ in range(2):
                admin.execute(script.encode())
            done = build(as_builder, select=("customer_redirects",))
            assert not [each for each in done.warnings if "c360_reader" in each]
            with connect(url) as reader:
                reader.execute("set role c360_reader")
                assert one(reader, "select count(*) from c360_masked.customers") > 0
            shown = c360("roles", DATABASE_URL=as_builder).output
            assert "grant c360_reader to" in shown
            before = admin.execute(STATE).fetchall()
            build(as_builder, select=("customer_redirects",))
            assert admin.execute(STATE).fetchall() == before
    finally:
        server.destroy()
