"""Golden values with their provenance: the same as the register's, by the rules of the seed, for who may see them."""

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
from stories import ANA, OPTIONS, key, user

from customer360.project import project_dir
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
    url: str, connection: psycopg.Connection[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    build(url, **OPTIONS)
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
