"""Laws 3 and 5: an un-merge brings ids, redirects and links back; a no is durable, through every chain.

Each story has a tenant of its own, so that one build plays a step of all of them; the tests are one sequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from builds import build, connect, one

from customer360 import legacy
from customer360.errors import BuildError

MODELS_ONLY = ("resource_type:test", "resource_type:unit_test")
CAP = 3
PHONES = [f"+5730011122{no:02d}" for no in range(30)]


def key(no: int) -> str:
    return f"00000000-0000-4000-8000-{no:012d}"


A, B, C, D, E, F, G = range(1, 8)


def run(url: str, cap: int = CAP, **options: Any) -> None:
    build(url, variables=f"{{max_cluster_records: {cap}}}", exclude=MODELS_ONLY, **options)


def add(
    connection: psycopg.Connection[Any], tenant: str, no: int, phone: int | None = None, email: str | None = None
) -> None:
    connection.execute(
        """
        insert into marketplace.users (id, tenant_id, user_type, full_name, phone_number, email, created_at, updated_at)
        values (%s, %s, 'client', 'Ana Ruiz', %s, %s, make_date(2000 + %s, 1, 1), '2024-01-01')
        """,
        [key(no), tenant, None if phone is None else PHONES[phone], email, no % 100],
    )


def decide(connection: psycopg.Connection[Any], decision: str, tenant: str, a: int, b: int) -> int:
    return int(
        one(
            connection,
            """
            insert into c360_ops.match_overrides (
                decision, tenant_id, system_a, entity_a, source_id_a, system_b, entity_b, source_id_b, reason
            ) values (%s, %s, 'marketplace', 'users', %s, 'marketplace', 'users', %s, 'seen') returning override_id
            """,
            [decision, tenant, key(a), key(b)],
        )
    )


def customers(connection: psycopg.Connection[Any], tenant: str) -> dict[int, int]:
    """Each user with its customer, by the links."""
    rows = connection.execute(
        "select right(source_id, 12)::integer, right(customer_id::text, 12)::integer "
        "from c360.customer_users where tenant_id = %s",
        [tenant],
    ).fetchall()
    return dict(rows)


def redirects(connection: psycopg.Connection[Any], tenant: str) -> dict[int, int]:
    rows = connection.execute(
        """
        select right(from_customer_id::text, 12)::integer, right(to_customer_id::text, 12)::integer
        from c360.customer_redirects inner join c360.customers on customers.customer_id = from_customer_id
        where tenant_id = %s
        """,
        [tenant],
    ).fetchall()
    return dict(rows)


def refused(connection: psycopg.Connection[Any], tenant: str) -> list[tuple[str, str]]:
    return connection.execute(
        "select rule, reason from c360_intermediate.int_refused_edges where tenant_id = %s order by 1, 2", [tenant]
    ).fetchall()


@pytest.fixture(scope="module")
def built(database: str) -> str:
    legacy.generate(database, people=30)
    with connect(database) as connection:
        connection.execute("truncate marketplace.users, marketplace.service_requests")
        # A wrong shared phone, and a request of the one that gives its id up.
        add(connection, "unmerge", A, phone=1)
        add(connection, "unmerge", B, phone=2)
        connection.execute(
            "insert into marketplace.service_requests (id, tenant_id, client_id, service_type) "
            "values (gen_random_uuid(), 'unmerge', %s, 'repair')",
            [key(B)],
        )
        # A chain a - b - c, and two neighbours to come.
        add(connection, "chain", 100 + A, phone=1)
        add(connection, "chain", 100 + B, phone=1, email="b@gmail.com")
        add(connection, "chain", 100 + C, email="b@gmail.com")
        add(connection, "link", 200 + A, phone=1)
        add(connection, "link", 200 + B, phone=2)
        add(connection, "wait", 300 + A, phone=1)
        for no in (A, B, C):
            add(connection, "contradict", 400 + no, phone=no)
        for no in (A, B, C, D, E):
            add(connection, "cap", 500 + no, phone=1)
    run(database)
    return database


@pytest.fixture
def connection(built: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(built) as connection:
        yield connection


def test_before_anybody_decides(connection: psycopg.Connection[Any]) -> None:
    assert customers(connection, "unmerge") == {A: A, B: B}
    assert customers(connection, "chain") == dict.fromkeys((101, 102, 103), 101)
    assert customers(connection, "link") == {201: 201, 202: 202}
    # Three records at most: the others are refused, listed, and customers of their own.
    assert customers(connection, "cap") == {501: 501, 502: 501, 503: 501, 504: 504, 505: 505}
    assert refused(connection, "cap") == [("phone", f"the cluster would have more than {CAP} records")] * 2


def test_a_merge_and_first_decisions(built: str, connection: psycopg.Connection[Any]) -> None:
    connection.execute("update marketplace.users set phone_number = %s where id = %s", [PHONES[1], key(B)])
    no = decide(connection, "separate", "chain", 103, 101)
    decide(connection, "link", "link", 202, 201)
    decide(connection, "link", "wait", 301, 302)
    run(built)
    assert customers(connection, "unmerge") == {A: A, B: A}
    assert redirects(connection, "unmerge") == {B: A}
    assert customers(connection, "chain") == {101: 101, 102: 101, 103: 103}
    assert refused(connection, "chain") == [("email", f"separated by c360_ops {no}")]
    assert customers(connection, "link") == {201: 201, 202: 201}
    assert redirects(connection, "link") == {202: 201}
    assert one(connection, "select count(*) from c360_intermediate.int_edges where rule = 'override'") == 1
    assert customers(connection, "wait") == {301: 301}, "the other one is not there"


def test_an_unmerge_brings_back_ids_and_links_and_a_no_outlives_merges(
    built: str, connection: psycopg.Connection[Any]
) -> None:
    connection.execute("update marketplace.users set phone_number = %s where id = %s", [PHONES[2], key(B)])
    # Two neighbours tie both sides of the separated pair together once more.
    add(connection, "chain", 104, phone=4, email="b@gmail.com")
    connection.execute("update marketplace.users set phone_number = %s where id = %s", [PHONES[4], key(103)])
    add(connection, "wait", 302, phone=2)
    run(built, cap=10)
    assert customers(connection, "unmerge") == {A: A, B: B}
    assert redirects(connection, "unmerge") == {}
    assert one(
        connection, "select customer_id::text from c360.customer_service_requests where tenant_id = 'unmerge'"
    ) == (key(B))
    found = customers(connection, "chain")
    assert found[101] != found[103]
    assert len(set(found.values())) == 2, "all others are with the one or the other"
    assert refused(connection, "chain")
    assert customers(connection, "wait") == {301: 301, 302: 301}
    assert customers(connection, "cap") == dict.fromkeys(range(501, 506), 501), "ten records may be one customer"
    assert refused(connection, "cap") == []
    assert redirects(connection, "cap") == {504: 501, 505: 501}


def test_decisions_that_contradict_stop_the_build(built: str, connection: psycopg.Connection[Any]) -> None:
    one_no = decide(connection, "link", "contradict", 401, 402)
    other_no = decide(connection, "link", "contradict", 402, 403)
    wrong_no = decide(connection, "separate", "contradict", 403, 401)
    before = customers(connection, "contradict")
    with pytest.raises(BuildError) as failure:
        run(built, cap=10)
    for no in (one_no, other_no, wrong_no):
        assert f"c360_ops {no}" in str(failure.value)
    assert f"contradict marketplace.users:{key(403)}" in str(failure.value)
    assert customers(connection, "contradict") == before
    connection.execute("delete from c360_ops.match_overrides where override_id = %s", [wrong_no])
    connection.execute("delete from c360_ops.match_overrides where tenant_id = 'link'")
    run(built, cap=10)
    assert customers(connection, "contradict") == dict.fromkeys((401, 402, 403), 401)
    assert customers(connection, "link") == {201: 201, 202: 202}, "a link that is taken back leaves no trace"
    assert redirects(connection, "link") == {}


def test_whatever_is_made_anew_no_id_moves(built: str, connection: psycopg.Connection[Any]) -> None:
    """A full refresh, other bounds, another version of the normalisers: members that stay together keep their id."""

    def groups() -> dict[frozenset[int], str]:
        return {
            frozenset(members): customer_id
            for customer_id, members in connection.execute(
                "select customer_id::text, array_agg(record_no) from c360_intermediate.int_clusters "
                "where is_identified group by customer_id"
            )
        }

    before = groups()
    chain = customers(connection, "chain")
    build(
        built,
        full_refresh=True,
        exclude=MODELS_ONLY,
        variables=f"{{max_cluster_records: {CAP}, normalization_version: 7, shared_identifier_min_name_groups: 3}}",
    )
    after = groups()
    assert before.keys() != after.keys(), "the bounds changed some clusters"
    assert len(before.keys() & after.keys()) > 10
    assert {members: before[members] for members in before.keys() & after.keys()} == {
        members: after[members] for members in before.keys() & after.keys()
    }
    found = customers(connection, "chain")
    assert found[101] != found[103], "a no is durable"
    run(built, cap=10)
    assert groups() == before
    assert customers(connection, "chain") == chain
