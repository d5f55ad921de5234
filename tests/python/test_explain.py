"""Why records are one customer, and why they are not: every branch of c360 explain."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from builds import connect, one
from click.testing import Result
from psycopg import sql
from rich.console import Console
from stories import (
    ANA,
    BAD,
    BEN,
    CARLA,
    CARLA_LEAD,
    CART,
    DESK,
    DORA,
    DORA_TOO,
    EVA,
    EVA_TOO,
    GONE,
    INDEXED,
    LEAD,
    REQUEST,
    STRANGER,
    TESTER,
    TESTER_TOO,
    key,
    lead,
    user,
)

from customer360.config import find_database
from customer360.project import project_dir
from customer360.queries import query
from customer360.server import Server
from customer360.stewards.evidence import Member, Score
from customer360.stewards.waterfall import waterfall
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


SQL = project_dir() / "scripts" / "customer360" / "sql"


@pytest.fixture
def explained(c360: C360, url: str) -> Callable[..., dict[str, Any]]:
    def explain(*arguments: str) -> dict[str, Any]:
        result = c360("explain", *arguments, "--json", DATABASE_URL=url)
        assert result.exit_code == 0, result.output
        found: dict[str, Any] = json.loads(result.stdout)
        page = c360("explain", *arguments, DATABASE_URL=url)
        assert page.exit_code == 0, page.output
        return found | {"page": " ".join(page.output.replace("│", " ").split())}

    return explain


def test_a_customer_is_explained_by_its_forest(
    explained: Callable[..., dict[str, Any]], connection: psycopg.Connection[Any]
) -> None:
    found = explained(key(ANA))
    assert (found["customer"]["customer_id"], found["customer"]["name"]) == (key(ANA), "Ben Soto")
    assert found["anchor"] == user(ANA)
    assert [record["record"] for record in found["records"]] == [user(ANA), lead(LEAD), REQUEST]
    edges = {(edge["rule"], edge["value"], edge["record_b"]): edge for edge in found["edges"]}
    assert set(edges) == {("reference", user(ANA), REQUEST), ("phone", "+573001112233", lead(LEAD))}
    phone = edges["phone", "+573001112233", lead(LEAD)]
    assert (phone["weight"], phone["model_version"], phone["is_accepted"]) == (30, "identifiers-1", True)
    assert phone["contradicting_names"] == "Ana Ruiz / Ben Soto"
    assert "names contradict: Ana Ruiz / Ben Soto" in found["page"]
    attributes = connection.execute(
        "select attribute, value, rule, system || '.' || entity || ':' || source_id, losing_values "
        "from c360.customer_attributes where customer_id = %s order by attribute",
        [key(ANA)],
    ).fetchall()
    assert [
        (each["attribute"], each["value"], each["rule"], each["record"], each["losing_values"])
        for each in found["attributes"]
    ] == attributes


def test_every_forest_spans_its_customer(
    explained: Callable[..., dict[str, Any]], connection: psycopg.Connection[Any]
) -> None:
    for (customer_id,) in connection.execute(
        "select customer_id::text from c360.customers order by record_count desc, customer_id limit 3"
    ).fetchall():
        found = explained(customer_id)
        joined = {found["anchor"]}
        for _ in found["edges"]:
            joined |= {
                edge[end]
                for edge in found["edges"]
                if edge["record_a"] in joined or edge["record_b"] in joined
                for end in ("record_a", "record_b")
            }
        assert joined == {record["record"] for record in found["records"]}
        assert len(found["edges"]) == len(found["records"]) - 1, "an edge too many"


def test_the_chain_between_two_records_is_the_shortest(explained: Callable[..., dict[str, Any]]) -> None:
    found = explained(REQUEST, lead(LEAD))
    assert found["is_one_customer"]
    assert [(edge["rule"], edge["record_a"], edge["record_b"]) for edge in found["chain"]] == [
        ("reference", user(ANA), REQUEST),
        ("phone", user(ANA), lead(LEAD)),
    ]
    assert found["because"] == ["A chain of 2 edges ties them; the weakest is phone +573001112233 with 30 bits."]
    direct = explained(user(ANA), lead(LEAD))
    assert len(direct["chain"]) == 1
    assert [(shared["kind"], shared["verdict"]) for shared in direct["shared_identifiers"]] == [("phone", "links")]


def test_a_decision_to_link_names_who_and_why(explained: Callable[..., dict[str, Any]]) -> None:
    (edge,) = explained(user(DORA), user(DORA_TOO))["chain"]
    assert (edge["rule"], edge["decided_because"], edge["decided_by"]) == ("override", "they called", "postgres")
    assert edge["decided_at"]
    found = explained(key(DORA_TOO))  # a former id
    assert found["customer"]["customer_id"] == key(DORA)
    assert found["customer"]["former_ids"] == [key(DORA_TOO)]
    assert "postgres, 20" in found["page"]
    assert f"the id {key(DORA_TOO)} leads here" in found["page"]


def test_a_separation_and_what_it_refuses(explained: Callable[..., dict[str, Any]]) -> None:
    found = explained(user(CARLA), lead(CARLA_LEAD))
    assert not found["is_one_customer"]
    assert [(edge["rule"], edge["is_accepted"]) for edge in found["chain"]] == [("phone", True), ("email", False)]
    assert found["refused"][0]["refused_because"].startswith("separated by c360_ops")
    (decision,) = found["decisions"]
    assert (decision["decision"], decision["reason"], decision["state"]) == ("separate", "they called", "in force")
    assert decision["decided_by"] == "postgres"
    assert decision["decided_at"]
    assert "they called" in found["page"]
    assert explained(lead(CARLA_LEAD))["refused"][0]["rule"] == "email"


def test_tenants_are_reason_enough(explained: Callable[..., dict[str, Any]]) -> None:
    found = explained(user(ANA), user(STRANGER))
    assert found["because"] == ["They belong to the tenants story and elsewhere: customers never cross tenants."]
    assert found["shared_identifiers"] == []


def test_nothing_speaks_for_strangers(explained: Callable[..., dict[str, Any]]) -> None:
    (because,) = explained(user(BEN), user(CARLA))["because"]
    assert because.startswith("They share no identifier")


def test_a_score_is_drawn_attribute_by_attribute(
    explained: Callable[..., dict[str, Any]], connection: psycopg.Connection[Any]
) -> None:
    found = explained(user(EVA), user(EVA_TOO))
    row = connection.execute(
        """
        select
            match_weight,
            match_probability,
            c360_functions.match_evidence(prior_weight, levels, weights, related_weight)
        from c360_intermediate.int_scored_pairs as scored
        inner join c360_intermediate.int_records as a on a.record_no = scored.record_no_a
        inner join c360_intermediate.int_records as b on b.record_no = scored.record_no_b
        where a.source_id in (%(a)s, %(b)s) and b.source_id in (%(a)s, %(b)s)
        """,
        {"a": key(EVA), "b": key(EVA_TOO)},
    ).fetchone()
    assert row is not None, "the pair is no candidate"
    weight, probability, evidence = row
    score = found["score"] or found["chain"][0]["score"]
    assert (score["match_weight"], score["match_probability"], score["evidence"]) == (weight, probability, evidence)
    assert sum(said["weight"] for said in evidence.values()) == pytest.approx(weight, abs=0.01)
    for said in evidence.values():
        assert f"{said['weight']:+.2f}" in found["page"]
    assert f"probability {probability:.4f}" in found["page"]
    assert "Cali / Cali (level" in found["page"]


def test_what_relatives_take_off_is_part_of_the_evidence(connection: psycopg.Connection[Any]) -> None:
    evidence = one(
        connection,
        "select c360_functions.match_evidence(-4, array[null, null, 6]::smallint[], array[null, null, 9.5], -2.5)",
    )
    assert evidence == {"prior": {"weight": -4}, "last_name": {"level": 6, "weight": 9.5}, "related": {"weight": -2.5}}
    eva = Member(1, "t", "crm", "leads", "1", "Eva Ruiz", True, True, 1, 1, UUID(int=1), {"last_name": "Ruiz"})
    page = io.StringIO()
    console = Console(file=page, width=120)
    console.print(waterfall(console, Score(1, 2, 3.0, 0.889, evidence, "trained-1"), eva, eva))
    assert [line.split()[0] for line in page.getvalue().splitlines()] == ["prior", "last", "related", "together"]
    assert "-2.50" in page.getvalue()


def test_records_without_a_customer_wait(explained: Callable[..., dict[str, Any]]) -> None:
    found = explained(CART)
    assert found["customer"] is None
    assert "without a customer" in found["page"]
    assert "has no customer yet" in " ".join(explained(CART, user(BEN))["because"])


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (user(BAD), "the record is quarantined: full_name, "),
        (user(GONE), "the record is deleted"),
        (key(GONE), "no record of this customer is left; it is inactive"),
        (user(99), "No live record is known as"),
        ("nobody", "'nobody' names no record."),
    ],
)
def test_who_is_not_there_is_told_why(c360: C360, url: str, reference: str, said: str) -> None:
    for arguments in ((reference,), (reference, user(BEN))):
        result = c360("explain", *arguments, DATABASE_URL=url)
        assert result.exit_code == 1
        assert said in result.stderr
        assert "→" in result.stderr


def test_one_record_is_no_pair(c360: C360, url: str) -> None:
    result = c360("explain", user(BEN), key(BEN), DATABASE_URL=url)
    assert result.exit_code == 1
    assert f"are both the record {user(BEN)}" in result.stderr


@pytest.mark.parametrize("command", [("explain", user(BEN)), ("review", "--list")])
def test_who_may_not_read_gets_nothing(
    c360: C360, url: str, connection: psycopg.Connection[Any], command: tuple[str, ...]
) -> None:
    connection.execute("drop role if exists story_clerk")
    connection.execute("create role story_clerk login")
    try:
        result = c360(*command, DATABASE_URL=url.replace("postgres@", "story_clerk@"))
    finally:
        connection.execute("drop role story_clerk")
    assert result.exit_code == 1
    assert "permission denied" in result.stderr
    assert "as c360_admin may" in result.stderr


def test_no_explanation_scans_a_table(url: str, connection: psycopg.Connection[Any]) -> None:
    """Scans are made dear, so one that is left has no index to use; the tables named stay small whatever the data."""
    small = {"survivorship_rules", "identifier_rules", "int_overrides", "match_overrides"}
    numbers = [no for (no,) in connection.execute("select record_no from c360_intermediate.int_records limit 3")]
    number, lists = numbers[0], dict.fromkeys(("record_nos", "records_a", "records_b"), numbers)
    values = lists | {
        "anchor_no": number, "other_no": number, "a": number, "b": numbers[1], "customer_id": key(ANA),
        "tenant_id": "story", "keys_a": ["x"], "keys_b": ["y"], "rules": ["phone"] * 3, "values": ["x"] * 3,
        "record_nos_a": numbers, "record_nos_b": numbers,
    }  # fmt: skip
    schemas = find_database(url).schemas
    if not one(connection, INDEXED, ["c360_intermediate.int_scored_pairs"]):
        small.add("int_scored_pairs")  # as long as each run makes it anew, to be read as a whole
    connection.execute("set enable_seqscan = off")
    names = sorted(path.stem for path in SQL.glob("explain_*.sql"))
    assert len(names) == 12
    for name in names:
        plan = connection.execute(sql.SQL("explain (format json) {}").format(query(name, **schemas)), values)
        assert scanned((plan.fetchone() or [[]])[0][0]["Plan"]) <= small, name


def scanned(plan: dict[str, Any]) -> set[str]:
    """Tables that a plan reads from end to end."""
    found = {plan["Relation Name"]} if plan["Node Type"] == "Seq Scan" else set()
    return found.union(*(scanned(child) for child in plan.get("Plans", [])))


@pytest.mark.parametrize(
    ("a", "b", "verdict", "said"),
    [
        (user(DESK[0]), user(DESK[1]), "shared", "groups of names share it"),
        (user(TESTER), user(TESTER_TOO), "placeholder", "does not link them (placeholder)"),
    ],
)
def test_an_ignored_identifier_is_no_reason(
    explained: Callable[..., dict[str, Any]], a: str, b: str, verdict: str, said: str
) -> None:
    found = explained(a, b)
    assert not found["is_one_customer"]
    assert [shared["verdict"] for shared in found["shared_identifiers"]] == [verdict]
    assert said in " ".join(found["because"])
    assert said in found["page"]
    assert verdict in {ignored["verdict"] for ignored in explained(a)["ignored_identifiers"]}
