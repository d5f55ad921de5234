"""The way back: up to switch to the byte, after contract from the archive."""

from __future__ import annotations

import pytest
from conftest import ServerOf, fresh_database

from customer360 import legacy
from customer360.server import Server
from cutovers import (
    BEFORE_CONTRACT,
    SYSTEMS,
    apply,
    checksums,
    copies,
    engine_on,
    rollback,
    rows,
    schema_dump,
    write,
)


@pytest.mark.parametrize("system", SYSTEMS)
def test_back_to_the_byte(postgres: Server, built: str, system: str) -> None:
    """From every phase up to switch, with the application writing all the while; and then all over again."""
    with copies(postgres, built, 2) as (url, twin):
        number = 0
        for last in BEFORE_CONTRACT:
            for phase in BEFORE_CONTRACT[: BEFORE_CONTRACT.index(last) + 1]:
                apply(url, system, phase)
                if phase == last or last == "switch":
                    number += 1
                    write(url, system, number)
                    write(twin, system, number)
            rollback(url, system)
            assert checksums(url, [system]) == checksums(twin, [system]), last
            assert schema_dump(postgres, url, system) == schema_dump(postgres, twin, system), last


@pytest.mark.parametrize("system", SYSTEMS)
def test_contract_and_back(postgres: Server, built: str, system: str) -> None:
    """The old columns and tables come back with every row that they had, in their old shape."""
    with copies(postgres, built) as (url,):
        apply(url, system, *BEFORE_CONTRACT)
        write(url, system, 1)
        before = {table: _by_column(url, table) for table in checksums(url, [system])}
        constraints = _definitions(url, system)
        apply(url, system, "contract")
        with engine_on(url, system) as engine:
            assert engine.verify() == []
        rollback(url, system, "switch")
        assert {table: _by_column(url, table) for table in checksums(url, [system])} == before
        assert _definitions(url, system) == constraints
        with engine_on(url, system) as engine:
            assert engine.verify() == []
        write(url, system, 2)  # the old application is at home again
        rollback(url, system)


def test_what_the_new_application_wrote_survives_the_way_back(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,):
        apply(url, "commerce", *BEFORE_CONTRACT)
        rows(
            url,
            """
            with profile as (
                insert into commerce.profiles (user_id, tenant_id, whatsapp_e164, display_name)
                values (md5('new')::uuid, 'acme', '+250799999999', 'New') returning user_id
            ) select * from profile
            """,
        )
        order = """
            insert into commerce.orders (id, tenant_id, profile_id, order_code) values (md5(%s)::uuid, 'acme', %s, %s)
            returning customer_id
        """
        ((profile,),) = rows(url, "select new_id from c360_ops.legacy_customer_profile order by old_id limit 1")
        ((shadow,),) = rows(url, order, ["a", "22af645d-1859-cb5c-a6da-0c484f1f37ea", "N-1"])
        ((known,),) = rows(url, order, ["b", profile, "N-2"])
        assert rows(url, "select wa_id from commerce.customers where id = %s", [shadow]) == [("+250799999999",)]
        assert rows(url, "select new_id from c360_ops.legacy_customer_profile where old_id = %s", [known]) == [
            (profile,)
        ]
        apply(url, "commerce", "contract")
        rows(url, order.replace("returning customer_id", "returning profile_id"), ["c", profile, "N-3"])
        rollback(url, "commerce")
        kept = rows(url, "select order_code, customer_id from commerce.orders where order_code ~ '^N-' order by 1")
        assert kept[:2] == [("N-1", shadow), ("N-2", known)]
        assert kept[2][1] is not None


def _by_column(url: str, table: str) -> list[str]:
    """Rows as JSON, which does not care in which order the columns stand."""
    found = rows(url, f"select to_jsonb(t)::text from {table} as t order by 1")
    return [row for (row,) in found]


def _definitions(url: str, system: str) -> list[tuple[str, str]]:
    return rows(
        url,
        """
        select conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid) from pg_constraint
        where connamespace = %s::regnamespace
        union all
        select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
        inner join pg_class on pg_class.oid = indexrelid where relnamespace = %s::regnamespace
        union all
        select polrelid::regclass || ' ' || polname, pg_get_expr(polqual, polrelid) from pg_policy
        inner join pg_class on pg_class.oid = polrelid where relnamespace = %s::regnamespace
        order by 1
        """,
        [system] * 3,
    )


def test_core_path_on_every_version(server_of: ServerOf) -> None:
    """PostgreSQL 15 takes the CHECK route to NOT NULL; the rest is one path. Nothing was built here: the rule maps."""
    server = server_of("15")
    with fresh_database(server) as url, fresh_database(server) as twin:
        for each in (url, twin):
            legacy.generate(each, people=60)
        for number, phase in enumerate(BEFORE_CONTRACT, start=1):
            apply(url, "commerce", phase)
            write(url, "commerce", number)
            write(twin, "commerce", number)
        required = "select attnotnull from pg_attribute where attrelid = 'commerce.orders'::regclass and attname = %s"
        assert rows(url, required, ["profile_id"]) == [(True,)]
        apply(url, "commerce", "contract")
        rollback(url, "commerce", "switch")
        rollback(url, "commerce")
        assert [_by_column(url, table) for table in checksums(url, ["commerce"])] == [
            _by_column(twin, table) for table in checksums(twin, ["commerce"])
        ]
