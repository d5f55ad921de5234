"""The review queue: worst doubt first, asked once, decided as c360 link and c360 separate do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from builds import connect, one
from click.testing import Result
from stories import ANA, BEN, CARLA_LEAD, CARLA_TOO, INDEXED, LEAD, key, lead, user

from customer360.server import Server
from cutovers import copies

C360 = Callable[..., Result]


@pytest.fixture(scope="module")
def url(postgres: Server, stories: str) -> Iterator[str]:
    """A copy of the built database."""
    with copies(postgres, stories) as (copy,):
        yield copy


@pytest.fixture(scope="module")
def connection(url: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(url) as connection:
        yield connection


def test_the_admin_sees_and_decides(c360: C360, url: str, connection: psycopg.Connection[Any]) -> None:
    if not one(connection, INDEXED, ["c360_intermediate.int_scored_pairs"]):
        connection.execute("grant select on c360_intermediate.int_scored_pairs to c360_admin")
    connection.execute("drop role if exists story_admin")
    connection.execute("create role story_admin login in role c360_admin")
    theirs = url.replace("postgres@", "story_admin@")
    try:
        for command in (("explain", user(ANA)), ("explain", user(ANA), user(BEN)), ("review", "--json")):
            mine, owners = (c360(*command, DATABASE_URL=each) for each in (theirs, url))
            assert mine.exit_code == 0, mine.output
            assert mine.stdout == owners.stdout
        asked = c360("review", "--tenant", "story", "--because", "seen", DATABASE_URL=theirs, input="s\nq\n")
        assert "1 decision noted" in asked.output
        latest = "select override_id, decided_by from c360_ops.match_overrides order by override_id desc limit 1"
        override_id, who = connection.execute(latest).fetchone() or (None, None)
        assert who == "story_admin"
        assert c360("overrides", "--remove", str(override_id), DATABASE_URL=url).exit_code == 0
    finally:
        connection.execute("drop role story_admin")


def test_reviewed_pairs_are_not_asked_again(c360: C360, url: str, connection: psycopg.Connection[Any]) -> None:
    queued = reviewed(c360, url)
    in_doubt = connection.execute(
        """
        select least(record_no_a, record_no_b), greatest(record_no_a, record_no_b) from c360.review_pairs group by 1, 2
        """
    ).fetchall()
    assert {(pair["record_a"], pair["record_b"]) for pair in queued} == {
        tuple(name(connection, no) for no in pair) for pair in in_doubt
    }
    chances = [pair["chance_of_error"] for pair in queued]
    assert chances == sorted(chances, reverse=True)
    (ours,) = [pair for pair in queued if {pair["record_a"], pair["record_b"]} == {user(ANA), lead(LEAD)}]
    assert ours["is_one_customer"]
    assert ours["doubts"] == [
        {"doubt": "names contradict", "rule": "phone", "value": "+573001112233", "reason": "Ana Ruiz / Ben Soto"}
    ]
    assert ours["agreeing"] == ["phone"]
    assert ours["a"] | ours["b"]

    listed = c360("review", "--list", "--tenant", "story", "--limit", "1", DATABASE_URL=url)
    assert "1  One customer now" in listed.output
    assert "names contradict: Ana Ruiz / Ben Soto (phone +573001112233)" in listed.output

    # The second pair is what the separation of Carla from the lead refused.
    asked = c360("review", "--tenant", "story", DATABASE_URL=url, input="nonsense\nskip\n")
    assert "is not one of" in asked.output
    assert "2 of 2" in asked.output
    assert "0 decisions noted; 2 pairs wait." in asked.output
    asked = c360("review", "--tenant", "story", DATABASE_URL=url, input="d\n\nq\n")
    assert asked.exit_code == 0, asked.output
    assert "1 decision noted; 1 pair waits." in asked.output
    (decision,) = explained_decisions(c360, url, user(ANA), lead(LEAD))
    assert (decision["decision"], decision["reason"], decision["state"]) == (
        "separate", "seen side by side", "waits for the next build",
    )  # fmt: skip
    (left,) = reviewed(c360, url, "--tenant", "story")
    assert {left["record_a"], left["record_b"]} == {user(CARLA_TOO), lead(CARLA_LEAD)}
    assert not left["is_one_customer"]
    assert "No pair waits" in c360("review", "--tenant", "elsewhere", DATABASE_URL=url).output


def reviewed(c360: C360, url: str, *arguments: str) -> list[dict[str, Any]]:
    result = c360("review", "--json", *arguments, DATABASE_URL=url)
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def explained_decisions(c360: C360, url: str, a: str, b: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(c360("explain", a, b, "--json", DATABASE_URL=url).stdout)["decisions"]
    return found


def name(connection: psycopg.Connection[Any], record_no: int) -> str:
    found = "select system || '.' || entity || ':' || source_id from c360_intermediate.int_records where record_no = %s"
    return str(one(connection, found, [record_no]))


def test_a_review_keeps_what_was_decided_before_it_was_cut_off(
    c360: C360, url: str, connection: psycopg.Connection[Any]
) -> None:
    before = one(connection, "select count(*) from c360_ops.match_overrides")
    first, second = reviewed(c360, url)[:2]
    asked = c360("review", "--because", "both called", "--limit", "3", DATABASE_URL=url, input="s\n")
    assert asked.exit_code == 0
    assert "1 decision noted" in asked.output
    made = connection.execute(
        "select decision, reason, source_id_a from c360_ops.match_overrides order by override_id offset %s", [before]
    ).fetchall()
    assert made == [("link", "both called", first["record_a"].partition(":")[2])]
    assert reviewed(c360, url)[0]["record_a"] == second["record_a"]


def test_a_decision_against_another_is_refused_and_the_review_goes_on(
    c360: C360, url: str, connection: psycopg.Connection[Any]
) -> None:
    pair, after = reviewed(c360, url)[:2]
    # Both are one with a third by two decisions that the queue does not know as decisions on the pair.
    tenant = pair["tenant_id"]
    third = one(
        connection,
        """
        select system || '.' || entity || ':' || source_id from c360_intermediate.int_clusters
        where tenant_id = %s and is_live and customer_id not in (%s, %s) limit 1
        """,
        [tenant, pair["customer_id_a"], pair["customer_id_b"]],
    )
    for record in (pair["record_a"], pair["record_b"]):
        assert c360("link", record, third, "--because", "x", "--tenant", tenant, DATABASE_URL=url).exit_code == 0
    asked = c360("review", "--because", "y", "--limit", "2", DATABASE_URL=url, input="d\nd\n")
    assert "contradict one another" in asked.output
    assert "1 decision noted" in asked.output
    left = {(each["record_a"], each["record_b"]) for each in reviewed(c360, url)}
    assert (pair["record_a"], pair["record_b"]) in left
    assert (after["record_a"], after["record_b"]) not in left


def test_there_is_no_queue_before_a_build(c360: C360, empty_database: str) -> None:
    for command in (("review",), ("explain", key(ANA))):
        result = c360(*command, DATABASE_URL=empty_database)
        assert result.exit_code == 1
        assert "c360 build" in result.stderr
