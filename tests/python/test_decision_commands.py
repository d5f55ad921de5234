"""Decisions of people on the command line, the preview of a build, and what was known when."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from builds import build, connect, one
from click.testing import Result

from customer360 import legacy

C360 = Callable[..., Result]
ANA = "00000000-0000-4000-8000-00000000000a"
BEN = "00000000-0000-4000-8000-00000000000b"
LEAD = "00000000-0000-4000-8000-00000000000c"
TABLES = """
    marketplace.users, marketplace.service_requests, booking.prospects, booking.appointments,
    booking.omni_conversations, field_service.service_tickets, field_service.equipment, commerce.carts,
    commerce.orders, commerce.sessions, commerce.profiles, commerce.customers, crm.leads_master
"""


@pytest.fixture(scope="module")
def built(database: str) -> str:
    """Two users, and a lead with the phone of one and the name of the other."""
    legacy.generate(database, people=30)
    with connect(database) as connection:
        connection.execute(f"truncate {TABLES}")
        for key, name, phone in ((ANA, "Ana Ruiz", "+573001112233"), (BEN, "Ben Soto", "+573004445566")):
            connection.execute(
                """
                insert into marketplace.users
                    (id, tenant_id, user_type, full_name, phone_number, is_active, created_at, updated_at)
                values (%s, 'meridian', 'client', %s, %s, true, '2025-01-01', '2025-12-01')
                """,
                [key, name, phone],
            )
        connection.execute(
            """
            insert into crm.leads_master (id, tenant_id, full_name, phone_number, created_at, updated_at)
            values (%s, 'meridian', 'Ben Soto', '+57 300 111 2233', '2025-06-01', '2025-06-01')
            """,
            [LEAD],
        )
    build(database)
    return database


@pytest.fixture
def connection(built: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(built) as connection:
        yield connection


def owners(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Customer of each record, by key."""
    return dict(
        connection.execute(
            "select source_id, customer_id::text from c360_intermediate.int_clusters where is_live"
        ).fetchall()
    )


def previewed(c360: C360, url: str) -> list[dict[str, Any]]:
    result = c360("preview", "--json", DATABASE_URL=url)
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_names_that_contradict_are_up_for_review(connection: psycopg.Connection[Any]) -> None:
    found = connection.execute("select doubt, rule, reason from c360.review_pairs").fetchall()
    assert found == [("names contradict", "phone", "Ana Ruiz / Ben Soto")]


def test_a_build_that_would_change_nothing_says_so(c360: C360, built: str) -> None:
    assert previewed(c360, built) == []
    assert "A build would change no customer." in c360("preview", DATABASE_URL=built).output


def test_decisions_hold_until_they_are_taken_back(c360: C360, built: str, connection: psycopg.Connection[Any]) -> None:
    assert owners(connection) == {ANA: ANA, BEN: BEN, LEAD: ANA}

    said = c360(
        "separate", f"marketplace.users:{ANA}", f"crm.leads_master:{LEAD}", "--because", "two people",
        DATABASE_URL=built,
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    said = c360("link", BEN, f"crm.leads_master:{LEAD}", "--because", "his name", DATABASE_URL=built)
    assert said.exit_code == 0, said.output
    assert "waits for the next build" in " ".join(c360("overrides", DATABASE_URL=built).output.split())

    before = one(connection, "select md5(string_agg(c::text, '|' order by customer_id)) from c360.customers as c")
    changes = {change["customer_id"]: change for change in previewed(c360, built)}
    assert changes[ANA]["change"] == "changed"
    assert (changes[ANA]["records_before"], changes[ANA]["records"]) == (2, 1)
    assert (changes[BEN]["records_before"], changes[BEN]["records"]) == (1, 2)
    assert before == one(
        connection, "select md5(string_agg(c::text, '|' order by customer_id)) from c360.customers as c"
    ), "a preview wrote"
    assert one(connection, "select count(*) from pg_namespace where nspname like 'c360_preview%'") == 0

    build(built)
    assert owners(connection) == {ANA: ANA, BEN: BEN, LEAD: BEN}
    assert connection.execute("select doubt, rule from c360.review_pairs").fetchall() == []  # decided
    refused = "select rule, reason from c360_intermediate.int_refused_edges"
    assert connection.execute(refused).fetchall() == [("phone", "separated by c360_ops 1")]
    assert "in force" in " ".join(c360("overrides", DATABASE_URL=built).output.split())

    said = c360("link", ANA, BEN, "--because", "a slip", DATABASE_URL=built)
    assert said.exit_code == 1
    assert "contradict one another" in said.stderr
    assert "c360_ops 1 separates" in said.stderr
    assert "c360 overrides --remove ID" in said.stderr
    assert one(connection, "select count(*) from c360_ops.match_overrides") == 2

    for decision in (1, 2):
        assert c360("overrides", "--remove", str(decision), DATABASE_URL=built).exit_code == 0
    assert {change["change"] for change in previewed(c360, built)} == {"changed"}
    build(built)
    assert owners(connection) == {ANA: ANA, BEN: BEN, LEAD: ANA}


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("nobody", ANA, "'nobody' names no record."),
        ("crm.leads_master:9", ANA, "No live record is known as crm.leads_master:9."),
        (ANA, f"marketplace.users:{ANA}", "are both the record"),
    ],
)
def test_a_decision_on_nobody_is_refused(c360: C360, built: str, a: str, b: str, said: str) -> None:
    result = c360("link", a, b, "--because", "a slip", DATABASE_URL=built)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "→" in result.stderr


def test_there_is_no_such_decision(c360: C360, built: str) -> None:
    result = c360("overrides", "--remove", "99", DATABASE_URL=built)
    assert result.exit_code == 1
    assert "There is no decision 99." in result.stderr


def test_contradicting_decisions_stop_a_build(c360: C360, built: str, connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        """
        insert into c360_ops.match_overrides
            (decision, tenant_id, system_a, entity_a, source_id_a, system_b, entity_b, source_id_b, reason)
        select decision, 'meridian', 'marketplace', 'users', %s, 'marketplace', 'users', %s, 'x'
        from unnest(array['link', 'separate']) as decision
        """,
        [ANA, BEN],
    )
    result = c360("build", DATABASE_URL=built)
    assert result.exit_code == 1
    assert "match_overrides contradict one another" in result.stderr
    assert f"marketplace.users:{ANA}" in result.stderr
    connection.execute("delete from c360_ops.match_overrides")
    build(built)


def test_a_former_phone_is_known_by_its_time(built: str, connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "update marketplace.users set phone_number = '+573009998877', updated_at = '2026-03-15' where id = %s", [BEN]
    )
    build(built)
    in_january = """
        select value from c360.customer_contact_points
        where customer_id = %s and kind = 'phone' and first_seen_at < %s and last_seen_at >= %s
    """
    assert connection.execute(in_january, [BEN, "2025-12-02", "2025-11-01"]).fetchall() == [("+573004445566",)]
    assert connection.execute(in_january, [BEN, "2026-04-01", "2026-03-01"]).fetchall() == [("+573009998877",)]

    states = connection.execute(
        """
        select primary_phone, dbt_valid_to is null from c360_history.customers_history
        where customer_id = %s order by dbt_valid_from desc limit 2
        """,
        [BEN],
    ).fetchall()
    assert states == [("+573009998877", True), ("+573004445566", False)]


def test_an_old_id_leads_to_the_customer_of_today(built: str, connection: psycopg.Connection[Any]) -> None:
    connection.execute("update marketplace.users set phone_number = '+573001112233' where id = %s", [BEN])
    build(built)
    current = "select c360_functions.current_customer_id(%s)::text"
    assert one(connection, current, [BEN]) == ANA
    assert one(connection, current, [ANA]) == ANA
    assert one(connection, current, [LEAD]) is None  # never a customer
    member = "select customer_id::text, dbt_valid_to is null from c360_history.membership_history where source_id = %s"
    assert set(connection.execute(member, [BEN]).fetchall()) == {(BEN, False), (ANA, True)}
