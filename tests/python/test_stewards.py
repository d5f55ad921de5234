"""What stewards see: why records are one customer, why they are not, the queue of pairs in doubt, provenance.

The stories lie in tenants of their own beside made-up systems, so that two builds play all of them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from builds import build, connect, one, operational_tables
from click.testing import Result
from psycopg import sql

from customer360 import legacy
from customer360.config import find_database
from customer360.project import project_dir
from customer360.queries import query

C360 = Callable[..., Result]
INDEXED = "select exists (select from pg_index where indrelid = %s::regclass)"
SQL = project_dir() / "scripts" / "customer360" / "sql"
OPTIONS: dict[str, Any] = {
    "variables": "{score_pairs: true}",
    "exclude": ("resource_type:test", "resource_type:unit_test"),
}
# What happens to the users, whose numbers are their ids.
ANA, BEN, CARLA, CARLA_TOO, DORA, DORA_TOO, TESTER, TESTER_TOO, GONE, BAD = range(1, 11)
DESK = range(20, 26)
STRANGER = 30
EVA, EVA_TOO = 40, 41
LEAD, CARLA_LEAD = 1, 2


def key(no: int) -> str:
    return f"00000000-0000-4000-8000-{no:012d}"


def user(no: int) -> str:
    return f"marketplace.users:{key(no)}"


def lead(no: int) -> str:
    return f"crm.leads_master:{key(no + 900)}"


REQUEST = f"marketplace.service_requests:{key(800)}"
CART = f"commerce.carts:{key(801)}"


def add_user(connection: psycopg.Connection[Any], no: int, name: str, **columns: Any) -> None:
    values = {
        "id": key(no), "tenant_id": "story", "user_type": "client", "full_name": name, "is_active": True,
        "created_at": f"2020-01-{no % 28 + 1:02d}", "updated_at": "2024-01-01",
    } | columns  # fmt: skip
    insert(connection, "marketplace", "users", values)


def insert(connection: psycopg.Connection[Any], schema: str, table: str, values: dict[str, Any]) -> None:
    connection.execute(
        sql.SQL("insert into {} ({}) values ({})").format(
            sql.Identifier(schema, table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join(map(sql.Placeholder, values)),
        ),
        values,
    )


def tell_stories(connection: psycopg.Connection[Any]) -> None:
    times = {"tenant_id": "story", "created_at": "2025-01-01", "updated_at": "2025-06-01"}
    add_user(connection, ANA, "Ana Ruiz", phone_number="+573001112233", city="Cali")
    add_user(connection, BEN, "Ben Soto", phone_number="+573004445566")
    # A lead with the phone of one and the name of the other, and a request of Ana's.
    contact = {"full_name": "Ben Soto", "phone_number": "+57 300 111 2233"}
    insert(connection, "crm", "leads_master", {"id": key(901), **times, **contact})
    insert(
        connection,
        "marketplace",
        "service_requests",
        {"id": key(800), **times, "client_id": key(ANA), "service_type": "x"},
    )
    # A chain by phone and email.
    add_user(connection, CARLA, "Carla Diaz", phone_number="+573005550001")
    add_user(connection, CARLA_TOO, "Carla Diaz", phone_number="+573005550001", email="carla@diaz-hogar.co")
    contact = {"full_name": "Carla Diaz", "email": "carla@diaz-hogar.co"}
    insert(connection, "crm", "leads_master", {"id": key(902), **times, **contact})
    # Two that a person links; two that share a placeholder; one that leaves, one that cannot be read.
    add_user(connection, DORA, "Dora Lima", phone_number="+573005550002")
    add_user(connection, DORA_TOO, "Dora Lima", phone_number="+573005550003")
    for no, name in ((TESTER, "Tom Paz"), (TESTER_TOO, "Uma Gil")):
        add_user(connection, no, name, email="test@test.com", phone_number=f"+5730055501{no:02d}")
    add_user(connection, GONE, "Gil Rey", phone_number="+573005550009")
    add_user(connection, BAD, "Bad\x01Name", phone_number="+573005550010")
    # The front desk of six people, and somebody of another tenant with Ana's phone.
    for no, name in zip(DESK, ("Fay Mora", "Gus Neri", "Hal Otto", "Ida Pons", "Jan Quin", "Kim Rojo"), strict=True):
        add_user(connection, no, name, phone_number="+573009990000")
    add_user(connection, STRANGER, "Ana Ruiz", phone_number="+573001112233", tenant_id="elsewhere")
    # Alike in name and email, but without anything in common.
    add_user(connection, EVA, "Evangelina Zubizarreta", email="evangelina.zubizarreta@correo-cali.co", city="Cali")
    add_user(connection, EVA_TOO, "Evangelina Zubizareta", email="evangelina.zubizareta@correo-cali.co", city="Cali")
    insert(connection, "commerce", "carts", {"id": key(801), **times})


@pytest.fixture(scope="module")
def built(database: str) -> str:
    legacy.generate(database, people=30)
    with connect(database) as connection:
        tell_stories(connection)
        build(database, **OPTIONS)
        for decision, a, b in (("link", user(DORA), user(DORA_TOO)), ("separate", user(CARLA), lead(CARLA_LEAD))):
            decide(connection, decision, a, b)
        connection.execute("delete from marketplace.users where id = %s", [key(GONE)])
    build(database, **OPTIONS)
    return database


def decide(connection: psycopg.Connection[Any], decision: str, a: str, b: str) -> None:
    values: dict[str, Any] = {"decision": decision, "tenant_id": "story", "reason": "they called"}
    for end, record in (("a", a), ("b", b)):
        table, _, source_id = record.partition(":")
        system, _, entity = table.partition(".")
        values |= {f"system_{end}": system, f"entity_{end}": entity, f"source_id_{end}": source_id}
    insert(connection, "c360_ops", "match_overrides", values)


@pytest.fixture
def connection(built: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(built) as connection:
        yield connection


@pytest.fixture
def explained(c360: C360, built: str) -> Callable[..., dict[str, Any]]:
    def explain(*arguments: str) -> dict[str, Any]:
        result = c360("explain", *arguments, "--json", DATABASE_URL=built)
        assert result.exit_code == 0, result.output
        found: dict[str, Any] = json.loads(result.stdout)
        page = c360("explain", *arguments, DATABASE_URL=built)
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
        select match_weight, match_probability, evidence
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
def test_who_is_not_there_is_told_why(c360: C360, built: str, reference: str, said: str) -> None:
    for arguments in ((reference,), (reference, user(BEN))):
        result = c360("explain", *arguments, DATABASE_URL=built)
        assert result.exit_code == 1
        assert said in result.stderr
        assert "→" in result.stderr


def test_one_record_is_no_pair(c360: C360, built: str) -> None:
    result = c360("explain", user(BEN), key(BEN), DATABASE_URL=built)
    assert result.exit_code == 1
    assert f"are both the record {user(BEN)}" in result.stderr


@pytest.mark.parametrize("command", [("explain", user(BEN)), ("review", "--list")])
def test_who_may_not_read_gets_nothing(
    c360: C360, built: str, connection: psycopg.Connection[Any], command: tuple[str, ...]
) -> None:
    connection.execute("drop role if exists story_clerk")
    connection.execute("create role story_clerk login")
    try:
        result = c360(*command, DATABASE_URL=built.replace("postgres@", "story_clerk@"))
    finally:
        connection.execute("drop role story_clerk")
    assert result.exit_code == 1
    assert "permission denied" in result.stderr
    assert "connect as a role that may read" in result.stderr


def test_no_explanation_scans_a_table(built: str, connection: psycopg.Connection[Any]) -> None:
    """Scans are made dear, so one that is left has no index to use; the tables named stay small whatever the data."""
    small = {"survivorship_rules", "identifier_rules", "int_overrides", "match_overrides"}
    numbers = [no for (no,) in connection.execute("select record_no from c360_intermediate.int_records limit 3")]
    number, lists = numbers[0], dict.fromkeys(("record_nos", "records_a", "records_b"), numbers)
    values = lists | {
        "anchor_no": number, "other_no": number, "a": number, "b": numbers[1], "customer_id": key(ANA),
        "tenant_id": "story", "keys_a": ["x"], "keys_b": ["y"], "rules": ["phone"] * 3, "values": ["x"] * 3,
        "record_nos_a": numbers, "record_nos_b": numbers,
    }  # fmt: skip
    schemas = find_database(built).schemas
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


def test_the_attributes_are_those_of_the_register(connection: psycopg.Connection[Any]) -> None:
    """customer_attributes, int_golden_records and customers.provenance say the same of every customer."""
    given = """
        select attributes.customer_id, jsonb_object_agg(attributes.attribute, attributes.record_no),
            jsonb_object_agg(attributes.attribute, attributes.value)
        from c360.customer_attributes as attributes group by 1 order by 1
    """
    kept = """
        select customers.customer_id, customers.provenance, (
            select jsonb_object_agg(given.key, given.value)
            from jsonb_each_text(to_jsonb(golden)) as given
            where customers.provenance ? given.key
        )
        from c360.customers inner join c360_intermediate.int_golden_records as golden using (anchor_no)
        where customers.provenance <> '{}' order by 1
    """
    found = connection.execute(given).fetchall()
    assert len(found) > 20
    for mine, kept_row in zip(found, connection.execute(kept).fetchall(), strict=True):
        assert mine[:2] == kept_row[:2]
        for attribute, value in kept_row[2].items():
            if attribute in ("address", "tags"):
                assert json.loads(mine[2][attribute]) == json.loads(value)
            else:
                assert mine[2][attribute] == value


def test_losing_values_name_the_records_that_give_them(connection: psycopg.Connection[Any]) -> None:
    row = connection.execute(
        """
        select value, rule, records, record_no = anchor_no, losing_values
        from c360.customer_attributes inner join c360.customers using (customer_id)
        where customer_id = %s and attribute = 'name'
        """,
        [key(ANA)],
    ).fetchone()
    assert row == ("Ben Soto", "most_frequent", 1, False, [{"value": "Ana Ruiz", "records": [user(ANA)]}])


def test_each_person_sees_own_attributes_only(connection: psycopg.Connection[Any]) -> None:
    """A view under row-level security shows what the tables behind it show."""
    profile = one(connection, "select source_id from c360.customer_profiles order by record_no limit 1")
    owner = one(connection, "select customer_id from c360.customer_profiles where source_id = %s", [profile])
    connection.execute(
        """
        drop role if exists story_reader;
        create role story_reader;
        grant usage on schema c360, c360_intermediate, c360_functions, c360_seeds to story_reader;
        grant select on all tables in schema c360, c360_intermediate, c360_seeds to story_reader;
        """
    )
    try:
        for claims, seen in ((json.dumps({"sub": profile}), {owner}), ("", set())):
            with connection.transaction(force_rollback=True):
                connection.execute("select set_config('request.jwt.claims', %s, true)", [claims])
                connection.execute("set local role story_reader")
                rows = connection.execute("select distinct customer_id from c360.customer_attributes").fetchall()
                assert {shown for (shown,) in rows} == seen
    finally:
        connection.execute("drop owned by story_reader; drop role story_reader")


def test_a_changed_rule_changes_its_attribute_only(
    built: str, connection: psycopg.Connection[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    left_out = shutil.ignore_patterns(".*", "target", "logs", "scripts", "python", "benchmarks", "docs")
    shutil.copytree(project_dir(), project, ignore=left_out)
    rules = project / "seeds" / "survivorship_rules.csv"
    before = "preferred_language,most_recent,booking.prospects marketplace.users,"
    assert before in rules.read_text()
    rules.write_text(rules.read_text().replace(before, "preferred_language,first_seen,,"))
    tables, values = without_language(connection), attributes(connection)

    monkeypatch.setenv("C360_PROJECT_DIR", str(project))
    build(built, **OPTIONS)
    assert without_language(connection) == tables
    changed = attributes(connection) ^ values
    assert {attribute for _, attribute, *_ in changed} == {"preferred_language"}
    assert {rule for *_, rule, _ in attributes(connection) - values} == {"first_seen"}


def without_language(connection: psycopg.Connection[Any]) -> dict[str, set[str]]:
    """All rows that applications may reference, without the preferred language and the time of writing."""
    statement = """
        select (to_jsonb(t) - 'updated_at' - 'preferred_language' #- '{{provenance,preferred_language}}')::text
        from {} as t
    """
    return {
        table: {row for (row,) in connection.execute(sql.SQL(statement).format(sql.SQL(table)))}
        for table in operational_tables(connection)
    }


def attributes(connection: psycopg.Connection[Any]) -> set[tuple[Any, ...]]:
    statement = """
        select customer_id, attribute, value, record_no, rule, losing_values::text from c360.customer_attributes
    """
    return set(connection.execute(statement).fetchall())


def test_reviewed_pairs_are_not_asked_again(c360: C360, built: str, connection: psycopg.Connection[Any]) -> None:
    queued = reviewed(c360, built)
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

    listed = c360("review", "--list", "--tenant", "story", "--limit", "1", DATABASE_URL=built)
    assert "1  One customer now" in listed.output
    assert "names contradict: Ana Ruiz / Ben Soto (phone +573001112233)" in listed.output

    # The second pair is what the separation of Carla from the lead refused.
    asked = c360("review", "--tenant", "story", DATABASE_URL=built, input="nonsense\nskip\n")
    assert "is not one of" in asked.output
    assert "2 of 2" in asked.output
    assert "0 decisions noted; 2 pairs wait." in asked.output
    asked = c360("review", "--tenant", "story", DATABASE_URL=built, input="d\n\nq\n")
    assert asked.exit_code == 0, asked.output
    assert "1 decision noted; 1 pair waits." in asked.output
    (decision,) = explained_decisions(c360, built, user(ANA), lead(LEAD))
    assert (decision["decision"], decision["reason"], decision["state"]) == (
        "separate", "seen side by side", "waits for the next build",
    )  # fmt: skip
    (left,) = reviewed(c360, built, "--tenant", "story")
    assert {left["record_a"], left["record_b"]} == {user(CARLA_TOO), lead(CARLA_LEAD)}
    assert not left["is_one_customer"]
    assert "No pair waits" in c360("review", "--tenant", "elsewhere", DATABASE_URL=built).output


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
    c360: C360, built: str, connection: psycopg.Connection[Any]
) -> None:
    before = one(connection, "select count(*) from c360_ops.match_overrides")
    first, second = reviewed(c360, built)[:2]
    asked = c360("review", "--because", "both called", "--limit", "3", DATABASE_URL=built, input="s\n")
    assert asked.exit_code == 0
    assert "1 decision noted" in asked.output
    made = connection.execute(
        "select decision, reason, source_id_a from c360_ops.match_overrides order by override_id offset %s", [before]
    ).fetchall()
    assert made == [("link", "both called", first["record_a"].partition(":")[2])]
    assert reviewed(c360, built)[0]["record_a"] == second["record_a"]


def test_a_decision_against_another_is_refused_and_the_review_goes_on(
    c360: C360, built: str, connection: psycopg.Connection[Any]
) -> None:
    pair, after = reviewed(c360, built)[:2]
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
        assert c360("link", record, third, "--because", "x", "--tenant", tenant, DATABASE_URL=built).exit_code == 0
    asked = c360("review", "--because", "y", "--limit", "2", DATABASE_URL=built, input="d\nd\n")
    assert "contradict one another" in asked.output
    assert "1 decision noted" in asked.output
    left = {(each["record_a"], each["record_b"]) for each in reviewed(c360, built)}
    assert (pair["record_a"], pair["record_b"]) in left
    assert (after["record_a"], after["record_b"]) not in left


def test_there_is_no_queue_before_a_build(c360: C360, empty_database: str) -> None:
    for command in (("review",), ("explain", key(ANA))):
        result = c360(*command, DATABASE_URL=empty_database)
        assert result.exit_code == 1
        assert "c360 build" in result.stderr
