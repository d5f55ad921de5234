"""Live intake and builds: what intake answers is what the next build gives, id included."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from builds import build, connect, one, versions
from intake import Arrival, arrivals, call, take_in
from psycopg import sql

from customer360 import legacy
from customer360.server import Server
from cutovers import copies

PENDING = "select distinct entity, entry_id, customer_id from c360_ops.intake_pending"
# Where the build put each entry that was pending, beside what was answered for it.
OUTCOME = """
    select
        pending.customer_id::text as answered,
        c360_functions.current_customer_id(pending.customer_id)::text as leads_to,
        clusters.customer_id::text as built,
        exists (
            select from c360_intermediate.int_clusters as members
            inner join c360_intermediate.int_identifiers as identifiers on identifiers.record_no = members.record_no
            inner join c360_intermediate.int_ignored_identifiers as ignored
                on ignored.tenant_id = identifiers.tenant_id
                and ignored.kind = identifiers.kind
                and ignored.value = identifiers.value
            where members.anchor_no = clusters.anchor_no and ignored.verdict = 'shared'
        ) as is_on_shared
    from pending_before as pending
    inner join c360_intermediate.int_clusters as clusters
        on clusters.system = 'intake' and clusters.entity = pending.entity and clusters.source_id = pending.entry_id
"""
STATED = ("primary_phone", "whatsapp_number", "primary_email", "status", "notes")
CUSTOMERS = """
    select to_jsonb(customers) - 'updated_at' from c360.customers
    where source_systems = '{intake}' and record_count = 1 order by customer_id
"""


@pytest.fixture
def database(postgres: Server, built: str) -> Iterator[str]:
    with copies(postgres, built) as [url]:
        yield url


def test_what_intake_answers_is_what_the_next_build_gives(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    with connect(database) as connection:
        known = [
            phone
            for (phone,) in connection.execute(
                "select primary_phone from c360.customers where primary_phone ~ '^[+]91' and record_count > 0 limit 40"
            )
        ]
        batch = arrivals(seed=7, how_many=3000, known_phones=known)
        answers = take_in(database, batch, clients=8)
        connection.execute(
            """
            insert into crm.leads_master (id, tenant_id, full_name, phone_number, created_at, updated_at)
            select gen_random_uuid(), tenant_id, full_name, phone, '2020-01-01', '2020-01-01'
            from c360_ops.intake_arrivals where phone is not null order by record_no limit 50
            """
        )
        stated = [
            (tenant, customer)
            for tenant, customer in connection.execute(
                """
                select tenant_id, customer_id from c360.customers where record_count > 0
                order by md5(anchor_no::text) limit 60
                """
            )
        ]
        said = {}
        for number, (tenant, customer) in enumerate(stated):
            changed = call(
                connection,
                "update_contact",
                customer_id=customer,
                tenant_id=tenant,
                phone=f"97{number * 791903 + 13570246:08d}",
                email=f"new{number}@stated.in",
                whatsapp_number=f"99{number * 791903 + 13570246:08d}",
                country="IN",
            )[0]
            if changed["status"] != "blocked":
                changed = call(connection, "block_customer", customer_id=customer, tenant_id=tenant, reason="test")[0]
            if number % 2:
                changed = call(connection, "activate_customer", customer_id=customer, tenant_id=tenant)[0]
            said[customer] = {name: changed[name] for name in STATED}
        connection.execute(f"create temp table pending_before as {PENDING}")
        promised = dict(connection.execute("select entry_id, record_no from c360_ops.intake_arrivals").fetchall())
        rows = {row["customer_id"]: row for (row,) in connection.execute(CUSTOMERS)}
        build(database)

        registered = dict(
            connection.execute(
                """
                select source_id, record_no from c360_intermediate.int_records
                where system = 'intake' and entity = 'arrivals'
                """
            ).fetchall()
        )
        assert registered == promised
        outcome = connection.execute(OUTCOME).fetchall()
        assert len(outcome) == one(connection, "select count(*) from pending_before") > 1000
        split = [row for row in outcome if row[1] != row[2]]
        assert all(is_on_shared for *_, is_on_shared in split), (
            f"only a number that turned out shared parts its people: {split}"
        )
        merged = {answered for answered, leads_to, *_ in outcome if answered != leads_to}
        linked = dict(
            connection.execute("select from_customer_id::text, to_customer_id::text from c360.customer_redirects")
        )
        assert merged <= set(linked), "an answer changes only by a redirect"
        assert one(connection, "select count(*) from c360_ops.intake_pending") == 0

        # A customer with one record is, to the last column, what intake made of it.
        after = {row["customer_id"]: row for (row,) in connection.execute(CUSTOMERS)}
        alone = {key for key in after.keys() & rows.keys() if "shared_phone" not in after[key]["provenance"]}
        assert len(alone) > 100
        changed_columns = [
            (column, rows[key][column], after[key][column])
            for key in alone
            for column in rows[key]
            if rows[key][column] != after[key][column]
        ]
        assert changed_columns == []
        # What was said of customers, old and new ones, stands; the last word where the build made two of them one.
        current = "select c360_functions.current_customer_id(%s)"
        stands = {one(connection, current, [customer]): values for customer, values in said.items()}
        for customer, values in stands.items():
            row = connection.execute(
                sql.SQL("select {} from c360.customers where customer_id = %s").format(
                    sql.SQL(", ").join(map(sql.Identifier, STATED))
                ),
                [customer],
            ).fetchone()
            assert row is not None
            assert dict(zip(STATED, row, strict=True)) == values, customer

        # Every answer, written down or not, is still somebody's.
        ids = [answer["customer_id"] for answer in answers]
        assert (
            one(
                connection,
                """
                select count(*) from unnest(%s::uuid[]) as answer (id)
                where c360_functions.current_customer_id(id) is null
                """,
                [ids],
            )
            == 0
        )
        with capsys.disabled():
            print(
                f"\n  {len(answers)} arrivals, {len(outcome)} written down, {len(set(ids))} customers answered, "
                f"{len(merged)} merged by the build, {len(split)} parted by a shared number"
            )
        before = versions(connection)
        build(database)
        assert versions(connection) == before


@pytest.fixture(scope="module")
def each_built(each_database: str) -> str:
    """A small register on every supported server."""
    legacy.generate(each_database, people=15)
    build(each_database)
    return each_database


def test_fifty_calls_for_one_phone_make_one_customer(each_built: str) -> None:
    spellings = ("98300 12345", "+91 98300 12345", "098300-12345", "(98300) 12345")
    batch: list[Arrival] = [
        {"phone": spellings[n % 4], "full_name": "Usha Naik", "tenant_id": "acme"} for n in range(50)
    ]
    answers = take_in(each_built, batch, clients=50)
    assert len({answer["customer_id"] for answer in answers}) == 1
    assert sorted(answer["is_new"] for answer in answers) == [False] * 49 + [True]


def test_crossed_identifiers_make_no_deadlock(each_built: str) -> None:
    """Half of the callers name the phone and the email in one order of locks, half in the other."""
    batch: list[Arrival] = []
    for n in range(200):
        phone, email = f"98301 {n % 10:05d}", f"p{(n * 7) % 10}@crossed.in"
        batch.append({"phone": phone, "email": email, "tenant_id": "acme"})
    answers = take_in(each_built, batch, clients=20)
    assert len(answers) == len(batch)
    with connect(each_built) as connection:
        groups = one(
            connection,
            "select count(distinct customer_id) from c360_ops.intake_pending where value like '%%@crossed.in'",
        )
    assert groups <= 10


def test_a_build_at_the_same_time_loses_nothing_and_blocks_nobody(each_built: str) -> None:
    batch = arrivals(seed=11, how_many=4000)
    answered: list[tuple[float, str]] = []
    stop = threading.Event()

    def application() -> None:
        with connect(each_built) as connection:
            for arrival in batch:
                if stop.is_set():
                    return
                began = time.monotonic()
                found = call(connection, "find_or_create_customer", **arrival)[0]
                answered.append((time.monotonic() - began, found["customer_id"]))
                if found["is_new"] and len(answered) % 10 == 0:
                    call(connection, "block_customer", customer_id=found["customer_id"], tenant_id=arrival["tenant_id"])
                time.sleep(0.005)

    def lead(phone: str) -> None:
        with connect(each_built) as connection:
            connection.execute(
                """
                insert into crm.leads_master (id, tenant_id, full_name, phone_number, created_at, updated_at)
                values (gen_random_uuid(), 'default', 'Late Lead', %s, now(), now())
                """,
                [phone],
            )

    caller = threading.Thread(target=application)
    caller.start()
    try:
        for arrival in batch[:300:10]:  # the same people come by way of the CRM, unseen by intake
            if arrival["phone"]:
                lead(arrival["phone"])
        build(each_built)
    finally:
        stop.set()
        caller.join()
    assert len(answered) > 50
    assert max(seconds for seconds, _ in answered) < 5
    with connect(each_built) as connection:
        blocked = {
            key
            for (key,) in connection.execute("select customer_id from c360_ops.intake_updates where status = 'blocked'")
        }
        shown = {
            key for (key,) in connection.execute("select customer_id from c360.customers where status = 'blocked'")
        }
        merged = {key for (key,) in connection.execute("select from_customer_id from c360.customer_redirects")}
        assert blocked
        assert blocked <= shown | merged, "a build does not undo what was said while it ran"
        build(each_built)
        assert one(connection, "select count(*) from c360_ops.intake_pending") == 0
        entries = one(connection, "select count(*) from c360_ops.intake_arrivals")
        assert one(connection, "select count(*) from c360.customer_arrivals") == entries
        lost = one(
            connection,
            """
            select count(*) from unnest(%s::uuid[]) as answer (id)
            left join c360.customers as customer
                on customer.customer_id = c360_functions.current_customer_id(answer.id) and customer.record_count > 0
            where customer.customer_id is null
            """,
            [[key for _, key in answered]],
        )
        assert lost == 0
        before = versions(connection)
        build(each_built)
        assert versions(connection) == before


def test_a_customer_of_a_running_full_build_is_left_alone(postgres: Server, built: str) -> None:
    """What intake writes after a full build has read the registry is neither deleted nor retired by it."""
    with copies(postgres, built) as [url], connect(url) as connection:
        connection.execute("delete from c360_ops.completed_build")
        made = call(connection, "find_or_create_customer", phone="98302 12345", full_name="Gita Roy", tenant_id="acme")[
            0
        ]
        before = call(connection, "get_customer", customer_id=made["customer_id"], tenant_id="acme")
        build(url, select=("customers",))  # the model alone: the registry does not know the customer yet
        assert call(connection, "get_customer", customer_id=made["customer_id"], tenant_id="acme") == before
