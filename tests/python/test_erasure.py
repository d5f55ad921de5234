"""Export and erasure of one customer: nothing of it is left, nothing of anybody else is touched, nothing comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from builds import TARGET, build, connect, one, versions
from click.testing import Result
from intake import call
from people import CHANGES, FAMILY_PHONE, INSERTS, LEAD, ODALYS, PHONE, SECOND, WORDS, XIMENA, ZEBULON
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from customer360.config import find_database
from customer360.privacy.erase import find
from customer360.project import project_dir
from customer360.server import Server
from cutovers import BEFORE_CONTRACT, apply, copies, engine_on

C360 = Callable[..., Result]
# A row that nobody has read yet.
LATE = f"""
    insert into crm.leads_master (id, tenant_id, full_name, phone_number, created_at, updated_at)
    values (md5('late')::uuid, 'acme', 'Zebulon', '{PHONE}', '2026-02-01', '2026-02-01')
"""
RELATIONS = """
    select schemas.nspname || '.' || relations.relname, relations.relkind::text,
        format('%I.%I', schemas.nspname, relations.relname)
    from pg_class as relations
    inner join pg_namespace as schemas on schemas.oid = relations.relnamespace
    where relations.relkind in ('r', 'v', 'm', 'p', 'f')
        and schemas.nspname not in ('information_schema', 'pg_catalog', 'pg_toast', 'truth')
        and schemas.nspname !~ '^pg_temp'
    order by 1
"""
STATISTICS = """
    select 'statistics of ' || t.schemaname || '.' || t.tablename, count(*) from pg_stats as t
    where t::text ~* %s and t.schemaname <> 'truth'
    group by 1
"""


@pytest.fixture(scope="module")
def peopled(postgres: Server, built: str) -> Iterator[Any]:
    """The built database with people of our own in it, two builds old: its name, for copies."""
    with copies(postgres, built) as (url,):
        with connect(url) as connection:
            connection.execute(INSERTS)
        build(url, only_models=True)
        with connect(url) as connection:
            connection.execute(CHANGES)
        build(url, only_models=True)
        with connect(url) as connection:
            connection.execute(LATE)
        yield conninfo_to_dict(url)["dbname"]


@pytest.fixture
def url(postgres: Server, peopled: str) -> Iterator[str]:
    """A copy for one test."""
    with copies(postgres, peopled) as (copy,):
        yield copy


def found(url: str, words: str = WORDS) -> dict[str, int]:
    """Rows by table or view in which the person stands, in all schemas; and the planner's statistics."""
    hits = {}
    with connect(url) as connection:
        for name, _, quoted in connection.execute(RELATIONS).fetchall():
            statement = sql.SQL("select count(*) from {} as t where t::text ~* %s").format(sql.SQL(quoted))
            hits[name] = one(connection, statement.as_string(connection), [words])
        hits |= dict(connection.execute(STATISTICS, [words]).fetchall())
    return {name: rows for name, rows in hits.items() if rows}


def contents(url: str) -> dict[str, Counter[str]]:
    """Every row of every table."""
    with connect(url) as connection:
        return {
            name: Counter(
                row for (row,) in connection.execute(sql.SQL("select t::text from {} as t").format(sql.SQL(quoted)))
            )
            for name, kind, quoted in connection.execute(RELATIONS).fetchall()
            if kind == "r"
        }


def erase(c360: C360, url: str, customer: str, *options: str) -> dict[str, Any]:
    """The certificate."""
    said = c360("erase", customer, "--confirm", "--json", *options, DATABASE_URL=url)
    assert said.exit_code == 0, said.output
    certificate: dict[str, Any] = json.loads(said.stdout)
    return certificate


def test_the_export_holds_all_that_a_search_finds(c360: C360, url: str, tmp_path: Path) -> None:
    file = tmp_path / "held.json"
    said = c360("export", ZEBULON, "--out", str(file), DATABASE_URL=url)
    assert said.exit_code == 0, said.output
    assert file.stat().st_mode & 0o777 == 0o600
    held = json.loads(file.read_text("utf-8"))
    rows = {**held["tables"], **held["views"]}
    hits = found(url)
    # Views of the layers below show what the tables hold, and the masked ones less than that.
    derived = (
        *("c360_staging.", "c360_masked.", "c360_intermediate.int_golden_values", "c360_intermediate.int_events"),
        "statistics of ",
    )
    missing = {
        name: (count, len(rows.get(name, [])))
        for name, count in hits.items()
        if count > len(rows.get(name, [])) and not name.startswith(derived)
    }
    assert missing == {}
    assert held["golden_record"]["primary_phone"] == PHONE
    assert held["golden_record"]["provenance"]
    assert set(rows) >= {
        *("crm.leads_master", "c360.customer_users", "c360.customer_redirects", "c360.review_pairs"),
        *("c360_history.customers_history", "c360_ops.match_overrides", "c360_intermediate.int_former_contacts"),
    }
    assert [key["system"] for key in held["waiting_for_a_build"]] == ["booking", "crm"]
    refused = c360("export", ZEBULON, "--out", str(file), DATABASE_URL=url)
    assert refused.exit_code == 1
    assert "is there already" in refused.stderr


def test_without_confirm_nothing_is_erased(c360: C360, url: str) -> None:
    before = contents(url)
    said = c360("erase", ZEBULON, DATABASE_URL=url)
    assert said.exit_code == 0, said.output
    assert "Nothing was erased" in said.stdout
    assert "--confirm" in said.stdout
    assert "c360 separate A B" in said.stdout  # names that contradict one another
    assert contents(url) == before
    planned = json.loads(c360("erase", ZEBULON, "--json", DATABASE_URL=url).stdout)["would_remove"]
    assert planned == erase(c360, url, ZEBULON)["removed"]


def test_nothing_is_left_and_nobody_else_is_touched(c360: C360, url: str) -> None:
    before = contents(url)
    certificate = erase(c360, url, ZEBULON)
    assert found(url) == {}
    assert "zebulon" not in json.dumps(certificate).lower()
    # Not even the keys of his rows; they stay where the applications need them.
    keys = {name for name in found(url, "zeb-[aeopqt]") if not name.startswith("statistics of ")}
    assert {name.partition(".")[0] for name in keys} == {"booking", "field_service"}

    after = contents(url)
    removed = {row["table"]: row for row in certificate["removed"]}
    for table, were in before.items():
        gone, come = (were - after[table]).total(), (after[table] - were).total()
        if table.startswith("c360_ops.changed_") or table in ("c360_ops.erasures", "c360_ops.erased_identifiers"):
            continue
        if table == "c360_ops.erased_records":
            assert come == certificate["tombstones"]["records"] == 16
            continue
        expected = removed.get(table, {"rows": 0, "what": "deleted"})
        assert gone == expected["rows"], table
        assert come == (gone if expected["what"] == "blanked" else 0), table
    with connect(url) as connection:
        rows = connection.execute(
            "select customer_id::text, name, status, primary_phone, record_count from c360.customers "
            "where customer_id = any(%s) order by 1",
            [[ZEBULON, SECOND]],
        ).fetchall()
        assert rows == [(ZEBULON, "Erased", "erased", None, 0), (SECOND, "Erased", "erased", None, 0)]
        assert one(connection, "select customer_id::text from commerce.orders where order_code = 'ZEB-1'")
        assert one(connection, "select title from field_service.service_tickets where id = 'zeb-t'") == "erased"
        kept = one(connection, "select certificate from c360_ops.erasures")
        assert kept == certificate


def test_builds_bring_nobody_back(c360: C360, url: str) -> None:
    """A delta build, a restored legacy row, the same phone under a new key, and a full build; beside a household."""
    with connect(url) as connection:
        lead = connection.execute("select * from crm.leads_master where id = %s", [LEAD]).fetchone()
        assert lead is not None
        others = """
            select md5(string_agg(c::text, '|' order by customer_id)) from c360.customers as c
            where customer_id <> all(%s::uuid[]) and customer_id <> %s
        """
        planned = json.loads(c360("export", ZEBULON, DATABASE_URL=url).stdout)["tables"]["c360.customers"]
        erased = [*(row["customer_id"] for row in planned), ODALYS]
        undisturbed = one(connection, others, [erased, XIMENA])
        erase(c360, url, "booking.prospects:zeb-p")
        erase(c360, url, ODALYS)
        first = build(url)
        assert first.warnings == ()
        assert found(url) == {}
        assert one(connection, others, [erased, XIMENA]) == undisturbed
        daughter = "select primary_phone, status from c360.customers where customer_id = %s"
        assert connection.execute(daughter, [XIMENA]).fetchone() == (FAMILY_PHONE, "active")
        assert found(url, "odalys") == {}

        connection.execute("delete from crm.leads_master where id = %s", [LEAD])
        places = ", ".join(["%s"] * len(lead))
        connection.execute(f"insert into crm.leads_master values ({places})", lead)  # restored as it was
        connection.execute(
            "insert into commerce.profiles (user_id, tenant_id, whatsapp_e164, display_name) "
            "values (md5('back')::uuid, 'acme', %s, 'Zebulon')",
            [PHONE],
        )
        # Names him by the key that was his customer's id; an id is given once.
        connection.execute(
            "insert into marketplace.service_requests (id, tenant_id, client_id, service_type) "
            "values (md5('request')::uuid, 'acme', %s, 'plumbing')",
            [ZEBULON],
        )
        second = build(url)
        assert [warning.partition(":")[0] for warning in second.warnings] == ["warn_returned_after_erasure"]
        assert "c360_intermediate.int_records" in found(url)
        assert one(connection, "select count(*) from c360_intermediate.int_records where phone = %s", [PHONE]) == 1
        assert one(connection, "select count(*) from c360.customers where primary_phone = %s", [PHONE]) == 1
        assert one(connection, "select status from c360.customers where customer_id = %s", [ZEBULON]) == "erased"
        assert (
            one(connection, "select count(*) from c360_intermediate.int_records where customer_id = %s", [ZEBULON]) == 0
        )
        returned = connection.execute("select kinds, records, customer_id from c360.returned_after_erasure").fetchall()
        assert sorted((kinds, records, customer is None) for kinds, records, customer in returned) == [
            (["phone"], 1, False),
            (["reference"], 1, True),
        ]

        before = versions(connection)
        build(url, full_refresh=True, only_models=True)
        assert versions(connection) == before


def test_of_who_came_by_live_intake_nothing_is_left(c360: C360, url: str) -> None:
    """Ursulina came before the last build, Barnaby after it; and of Zebulon intake has heard something since."""
    words = "ursulina|barnaby|fizzlewick|301[^0-9]*778[^0-9]*(22|44)[^0-9]*(11|33|55)"
    asked = {"tenant_id": "acme", "country": "CO"}
    with connect(url) as connection:

        def come(name: str, phone: str) -> str:
            given = {"phone": phone, "full_name": f"{name} Fizzlewick", "address_line1": "1 Fizzlewick Road"}
            made = call(connection, "find_or_create_customer", **given, notes=f"Ask for {name}", **asked)[0]
            call(connection, "find_or_create_customer", phone=phone, email=f"{name}@fizzlewick.in", **asked)
            call(connection, "update_contact", customer_id=made["customer_id"], phone=f"{phone[:-2]}33", **asked)
            call(
                connection, "block_customer", customer_id=made["customer_id"], reason=f"{name} shouts", tenant_id="acme"
            )
            return str(made["customer_id"])

        ursulina = come("Ursulina", "301 778 2211")
        build(url, only_models=True)
        call(connection, "activate_customer", customer_id=ursulina, tenant_id="acme")
        call(connection, "update_contact", customer_id=ursulina, phone="301 778 2255", **asked)
        barnaby = come("Barnaby", "301 778 4411")
        call(connection, "find_or_create_customer", phone=PHONE, email="zebulon@newmail.in", **asked)
        assert {"c360.customers", "c360_ops.intake_arrivals", "c360_ops.intake_pending"} <= set(found(url, words))

        others = """
            select md5(string_agg(c::text, '|' order by customer_id)) from c360.customers as c
            where customer_id <> all(%s::uuid[])
        """
        came = [ursulina, barnaby]
        undisturbed = one(connection, others, [came])
        for customer, arrivals, updates in ((ursulina, 2, 4), (barnaby, 2, 2)):
            held = json.loads(c360("export", customer, DATABASE_URL=url).stdout)["tables"]
            assert len(held["c360_ops.intake_arrivals"]) == arrivals
            assert len(held["c360_ops.intake_updates"]) == updates
            erase(c360, url, customer)
        assert found(url, words) == {}
        assert one(connection, others, [came]) == undisturbed
        assert one(connection, "select count(*) from c360_ops.intake_arrivals") == 1, "Zebulon's stays"
        for table in ("intake_pending", "intake_updates"):
            left = f"select count(*) from c360_ops.{table} where customer_id = any(%s::uuid[])"
            assert one(connection, left, [came]) == 0
        erase(c360, url, ZEBULON)
        assert found(url, f"{WORDS}|zebulon@newmail") == {}

        build(url, only_models=True)
        assert found(url, f"{words}|{WORDS}") == {}
        status = "select array_agg(distinct status) from c360.customers where customer_id = any(%s::uuid[])"
        assert one(connection, status, [[*came, ZEBULON]]) == ["erased"]
        back = call(connection, "find_or_create_customer", phone="301 778 2211", **asked)[0]
        assert back["is_new"]
        assert str(back["customer_id"]) not in came


def test_what_intake_is_just_writing_of_the_person_is_not_missed(c360: C360, url: str) -> None:
    with psycopg.connect(url) as application:
        call(application, "find_or_create_customer", phone=PHONE, email="zebulon@newmail.in", tenant_id="acme")
        said = c360("erase", ZEBULON, "--confirm", DATABASE_URL=url)
        assert said.exit_code == 1
        assert "Somebody holds rows of this customer" in said.stderr
        application.commit()
    erase(c360, url, ZEBULON)
    assert found(url, WORDS + "|zebulon@newmail") == {}


def test_keep_legacy_leaves_the_legacy_rows(c360: C360, url: str) -> None:
    certificate = erase(c360, url, SECOND, "--keep-legacy")  # an id that was merged
    assert certificate["customer_id"] == ZEBULON
    assert any(line.startswith("crm.leads_master: the legacy rows stay") for line in certificate["left_to_do"])
    legacy = {"marketplace", "booking", "field_service", "commerce", "crm"}
    assert {name.removeprefix("statistics of ").partition(".")[0] for name in found(url)} <= legacy


def test_an_erasure_is_said_to_be_done_when_it_is(c360: C360, url: str) -> None:
    erase(c360, url, ZEBULON)
    for customer in (ZEBULON, SECOND, f"crm.leads_master:{LEAD}"):
        said = c360("erase", customer, "--confirm", DATABASE_URL=url)
        assert said.exit_code == 1
        assert "(erasure 1)" in said.stderr
    nobody = c360("erase", "crm.leads_master:nobody", "--confirm", DATABASE_URL=url)
    assert nobody.exit_code == 1
    assert "No customer and no record is known as crm.leads_master:nobody." in nobody.stderr


def test_statistics_of_a_table_that_is_empty_afterwards_are_forgotten(c360: C360, url: str) -> None:
    """ANALYZE leaves what it knew of a table without rows."""
    worklist = "c360_intermediate.int_touched_identifiers"
    with connect(url) as connection:
        connection.execute(f"delete from {worklist} where value !~ '3007315904'")
        connection.execute(f"insert into {worklist} select * from {worklist}")
        connection.execute(f"analyze {worklist}")
        assert f"statistics of {worklist}" in found(url)
        assert erase(c360, url, ZEBULON)["left_to_do"] == []
        assert one(connection, f"select count(*) from {worklist}") == 0
    assert found(url) == {}


def test_no_erasure_beside_a_build(c360: C360, url: str) -> None:
    with connect(url) as building:
        building.execute("select pg_advisory_lock(hashtextextended('customer360 build c360', 0))")
        said = c360("erase", ZEBULON, "--confirm", DATABASE_URL=url)
    assert said.exit_code == 1
    assert "A c360 build, or an erasure, is writing to the schema c360." in said.stderr
    assert erase(c360, url, ZEBULON)["erasure_id"] == 1


def test_a_row_that_refuses_a_blank_stops_everything(c360: C360, url: str) -> None:
    with connect(url) as connection:
        connection.execute("alter table crm.leads_master add constraint named check (full_name is not null) not valid")
    before = contents(url)
    said = c360("erase", ZEBULON, "--confirm", DATABASE_URL=url)
    assert said.exit_code == 1
    assert "crm.leads_master refuses a blank: named; nothing was erased." in said.stderr
    assert "zebulon" not in said.stderr.lower()
    assert contents(url) == before


def test_killed_in_the_middle_nothing_is_done(url: str) -> None:
    before = contents(url)
    with psycopg.connect(url) as application, connect(url) as observer:
        # The last of the tables: everything else is taken out when the erasure comes to wait here.
        application.execute("select from crm.leads_master where id = %s for update", [LEAD])
        command = [str(Path(sys.executable).parent / "c360"), "erase", ZEBULON, "--confirm"]
        erasing = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url}, stdout=subprocess.PIPE)
        sessions = """
            select count(*) from pg_stat_activity
            where datname = current_database() and application_name = 'c360'
        """
        deadline = time.monotonic() + 60
        while one(observer, sessions + " and wait_event_type = 'Lock'") == 0:
            assert time.monotonic() < deadline
            assert erasing.poll() is None, erasing.communicate()
            time.sleep(0.05)
        erasing.kill()
        erasing.communicate()
        application.rollback()
        while one(observer, sessions):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert contents(url) == before


def test_archives_of_a_contract_are_blanked_too(c360: C360, url: str) -> None:
    with connect(url) as connection:
        connection.execute("delete from crm.leads_master where id = md5('late')::uuid")
    for system in ("booking", "commerce"):
        apply(url, system, *BEFORE_CONTRACT, "contract")
    assert any(name.startswith("archive.") for name in found(url))
    certificate = erase(c360, url, ZEBULON)
    assert found(url) == {}, certificate["left_to_do"]
    for system in ("booking", "commerce"):
        with engine_on(url, system) as engine:
            assert engine.verify() == []


def test_large_tables_are_reached_by_an_index(url: str) -> None:
    database = find_database(url)
    large = {
        *("int_records", "int_identifiers", "int_edges", "int_clusters", "int_golden_records", "int_former_contacts"),
        *("customers", "customers_history", "membership_history", "customer_users", "customer_orders"),
    }
    with connect(url) as connection:
        found = find(database, connection, ZEBULON, None)
        connection.execute("set enable_seqscan = off")
        parameters = found.subject.parameters()
        for holding in found.holdings:
            if holding.table in large and holding.schema.startswith("c360"):
                statement = sql.SQL("explain (costs off) select from {} as t where {}").format(
                    sql.Identifier(holding.schema, holding.table), holding.where
                )
                plan = "\n".join(line for (line,) in connection.execute(statement, parameters))
                assert "Seq Scan" not in plan, f"{holding.name}: {plan}"
                large.remove(holding.table)
    assert large == set()


def test_what_the_project_writes_to_disk_names_nobody(peopled: str) -> None:
    said = subprocess.run(
        ["grep", "-rliE", "quillfeather", str(project_dir() / TARGET)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stdout == "", peopled
