"""The main job on real input: five systems in, one register out, on every supported PostgreSQL."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from builds import TARGET, build, connect, one, operational_tables, versions

from customer360 import legacy
from customer360.project import project_dir
from customer360.summary import pairwise

PEOPLE = 600


@pytest.fixture(scope="module")
def built(each_database: str) -> str:
    legacy.generate(each_database, people=PEOPLE)
    build(each_database)
    return each_database


@pytest.fixture
def connection(built: str) -> Iterator[psycopg.Connection[Any]]:
    with connect(built) as connection:
        yield connection


def test_every_live_record_has_one_customer_or_is_listed(connection: psycopg.Connection[Any]) -> None:
    linked = one(connection, "select sum(record_count) from c360.customers")
    listed = one(connection, "select count(*) from c360.unidentified_records")
    live = one(connection, "select count(*) from c360_intermediate.int_records where record_status = 'live'")
    assert linked + listed == live
    links = sum(
        one(connection, f"select count(*) from {table}")
        for table in operational_tables(connection)
        if table.startswith("c360.customer_") and table != "c360.customer_redirects"
    )
    assert links == linked


def test_link_tables_agree_with_the_legacy_tables(connection: psycopg.Connection[Any]) -> None:
    assert (
        one(
            connection,
            """
        select count(*) from c360.customer_service_requests as link
        full join marketplace.service_requests as request on request.id::text = link.source_id
        where request.id is null and link.source_id is not null
            or link.source_id is not null
            and (link.service_type, link.budget) is distinct from (request.service_type, request.budget)
        """,
        )
        == 0
    )


def test_precision_against_the_truth(connection: psycopg.Connection[Any], capsys: pytest.CaptureFixture[str]) -> None:
    found = pairwise(connection)
    with capsys.disabled():
        print(
            f"\n  precision {found.precision:.4f}, recall {found.recall:.4f}, {found.household_pairs} household pairs"
        )
    assert found.true_positive > 1000
    assert found.precision >= 0.99
    assert found.recall > 0.5, "far fewer pairs than identifiers alone give"


def test_no_placeholder_and_no_front_desk_links_anybody(connection: psycopg.Connection[Any]) -> None:
    glued = connection.execute(
        """
        select edges.rule, edges.value, special.nature
        from c360_intermediate.int_edges as edges
        inner join c360_intermediate.int_records as records on records.record_no = edges.record_no_b
        inner join truth.special_identifiers as special
            on special.tenant_id = records.tenant_id and special.kind = edges.rule and special.value = edges.value
        where special.nature in ('front_desk', 'placeholder')
        """
    ).fetchall()
    assert glued == []
    assert one(connection, "select count(*) from c360_intermediate.int_ignored_identifiers where verdict = 'shared'")
    assert one(
        connection, "select count(*) from c360_intermediate.int_ignored_identifiers where verdict = 'placeholder'"
    )


def test_no_shared_number_is_anybodys_primary_phone(connection: psycopg.Connection[Any]) -> None:
    assert (
        one(
            connection,
            """
        select count(*) from c360.customers
        inner join c360_intermediate.int_ignored_identifiers as ignored
            on ignored.tenant_id = customers.tenant_id
            and ignored.value in (customers.primary_phone, customers.primary_email)
            and ignored.verdict <> 'role'
        """,
        )
        == 0
    )


def test_tenants_never_mix(connection: psycopg.Connection[Any]) -> None:
    twins = one(
        connection,
        """
        select count(*) from c360.customers as a
        inner join c360.customers as b on b.primary_phone = a.primary_phone and b.tenant_id <> a.tenant_id
        """,
    )
    assert twins > 0, "the generator puts people with one phone into two tenants"
    assert (
        one(
            connection,
            """
        select count(*) from (
            select clusters.anchor_no from c360_intermediate.int_clusters as clusters
            inner join c360_intermediate.int_records as records using (record_no)
            group by clusters.anchor_no having count(distinct records.tenant_id) > 1
        ) as mixed
        """,
        )
        == 0
    )


def test_bad_rows_are_listed_with_column_and_reason(connection: psycopg.Connection[Any]) -> None:
    reasons = " ".join(
        reason for (reason,) in connection.execute("select distinct reason from c360.quarantined_values").fetchall()
    )
    for expected in ("not a date", "longer than", "control character U+00", "stands for a NUL byte"):
        assert expected in reasons
    assert (
        one(
            connection,
            "select count(*) from c360.quarantined_values where '' in (system, entity, source_id, column_name, reason)",
        )
        == 0
    )
    assert (
        one(
            connection,
            """
        select count(*) from c360.quarantined_values as bad
        inner join c360_intermediate.int_clusters as clusters using (record_no)
        """,
        )
        == 0
    ), "a quarantined row took part"


def test_invalid_utf8_is_rejected_at_load_by_line(connection: psycopg.Connection[Any]) -> None:
    before = one(connection, "select count(*) from booking.prospects")
    with (
        pytest.raises(psycopg.errors.CharacterNotInRepertoire, match=r"0xff[\s\S]*COPY prospects, line 2"),
        connection.cursor() as cursor,
        cursor.copy("copy booking.prospects (id, tenant_id, first_name) from stdin") as copy,
    ):
        copy.write(b"u1\tmeridian\tJos\xc3\xa9\nu2\tmeridian\tJos\xff\n")
    assert one(connection, "select count(*) from booking.prospects") == before, "nothing half-done stays behind"


def test_a_build_without_changes_writes_nothing(built: str, connection: psycopg.Connection[Any]) -> None:
    before = versions(connection)
    assert sum(map(len, before.values())) > 1000
    # Nobody else writes, and no row is left that its first reader marks as committed.
    connection.execute("alter system set autovacuum = off")
    connection.execute("select pg_reload_conf()")
    try:
        connection.execute("vacuum analyze")
        connection.execute("vacuum")
        # The first change of a page after a checkpoint writes the page whole: the most that a build can write.
        connection.execute("checkpoint")
        start = one(connection, "select pg_current_wal_insert_lsn()")
        build(built)
        written = one(connection, "select pg_current_wal_insert_lsn() - %s::pg_lsn", [start])
    finally:
        connection.execute("alter system reset autovacuum")
        connection.execute("select pg_reload_conf()")
    assert versions(connection) == before
    assert written < 1_000_000


def test_a_full_refresh_without_changes_writes_nothing(built: str, connection: psycopg.Connection[Any]) -> None:
    before = versions(connection)
    build(built, full_refresh=True)
    assert versions(connection) == before


def test_each_golden_value_knows_its_record(connection: psycopg.Connection[Any]) -> None:
    wrong = connection.execute(
        """
        select customers.customer_id, customers.primary_phone, records.phone
        from c360.customers
        inner join c360_intermediate.int_records as records
            on records.record_no = (customers.provenance ->> 'primary_phone')::bigint
        where records.phone is distinct from customers.primary_phone
        """
    ).fetchall()
    assert wrong == []
    assert (
        one(
            connection,
            "select count(*) from c360.customers where primary_phone is not null and not provenance ? 'primary_phone'",
        )
        == 0
    )


def test_the_shop_mapping_covers_every_shop_customer(connection: psycopg.Connection[Any]) -> None:
    mapped = one(connection, "select count(*) from c360.legacy_customer_profile")
    live = one(
        connection,
        """
        select count(*) from c360_intermediate.int_records
        where system = 'commerce' and entity = 'customers' and record_status = 'live'
        """,
    )
    assert mapped == live
    assert (
        one(
            connection,
            """
        select count(*) from c360.legacy_customer_profile as mapping
        left join commerce.profiles on profiles.user_id = mapping.profile_id
        where mapping.profile_exists <> (profiles.user_id is not null)
        """,
        )
        == 0
    )


def test_customer_360_counts_what_is_there(connection: psycopg.Connection[Any]) -> None:
    counted = one(connection, "select sum(field_service_service_tickets) from c360.customer_360")
    assert counted == one(connection, "select count(*) from c360.customer_service_tickets") > 0
    assert one(connection, "select count(*) from c360.customer_360") == one(
        connection, "select count(*) from c360.customers where record_count > 0"
    )


def test_dbt_alone_builds_an_empty_target(each_database: str, built: str, tmp_path: Path) -> None:
    """Without the CLI: only dbt, the example profile and libpq's variables."""
    with connect(built) as connection:
        before = versions(connection)
        info = connection.info
        libpq = {"PGHOST": info.host, "PGDATABASE": info.dbname, "PGUSER": info.user}
        connection.execute("drop schema c360, c360_intermediate, c360_staging, c360_functions, c360_seeds cascade")
    shutil.copyfile(project_dir() / "profiles.example.yml", tmp_path / "profiles.yml")
    dbt = Path(sys.executable).with_name("dbt")
    arguments = ["build", "--profiles-dir", str(tmp_path), "--target-path", str(tmp_path / "target")]
    done = subprocess.run([dbt, *arguments], cwd=project_dir(), env=os.environ | libpq, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]
    with connect(built) as connection:
        again = versions(connection)
    assert {table: len(rows) for table, rows in again.items()} == {table: len(rows) for table, rows in before.items()}


def test_no_model_reads_the_truth() -> None:
    manifest = json.loads((project_dir() / TARGET / "manifest.json").read_text())
    readers = [
        node["unique_id"]
        for node in [*manifest["nodes"].values(), *manifest["sources"].values()]
        if "truth." in (node.get("compiled_code") or node.get("raw_code") or "") or node.get("schema") == "truth"
    ]
    assert readers == []
