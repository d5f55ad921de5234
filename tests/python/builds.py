"""What several tests need: building a database with dbt, and reading it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg import sql

from customer360.config import find_database
from customer360.dbt import Build, BuildOptions
from customer360.dbt import build as dbt_build

# Where dbt keeps what it compiles: each test process has a place of its own.
TARGET = f"target/tests-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
# Tables that applications may reference: a build without changes must leave every row of theirs alone.
OPERATIONAL = """
    select c.oid::regclass::text
    from pg_class as c
    where c.relkind = 'r' and (
        c.relnamespace = 'c360'::regnamespace
        or c.oid in (
            'c360_intermediate.int_records'::regclass,
            'c360_intermediate.int_clusters'::regclass,
            'c360_intermediate.int_ignored_identifiers'::regclass
        )
    )
    order by 1
"""


def build(url: str, **options: Any) -> Build:
    """`dbt build` on the database at `url`."""
    database = find_database(url)
    with patch.dict(os.environ, {"DBT_TARGET_PATH": TARGET}), database.connect(autocommit=True) as connection:
        return dbt_build(database, connection, BuildOptions(**options))


@contextmanager
def connect(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection whose statements commit one by one."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def one(connection: psycopg.Connection[Any], query: str, parameters: list[Any] | None = None) -> Any:
    """The first column of the only row."""
    row = connection.execute(query, parameters).fetchone()
    assert row is not None, f"no row: {query}"
    return row[0]


def longest_wait(connection: psycopg.Connection[Any], query: str, until: Callable[[], bool]) -> float:
    """Seconds that the slowest of many reads took, one after the other until something holds."""
    longest = 0.0
    while not until():
        started = time.monotonic()
        one(connection, query)
        longest = max(longest, time.monotonic() - started)
        time.sleep(0.01)
    return longest


def operational_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Names of the operational tables, qualified."""
    return [name for (name,) in connection.execute(OPERATIONAL).fetchall()]


def versions(connection: psycopg.Connection[Any]) -> dict[str, list[tuple[str, str]]]:
    """(ctid, xmin) of every row of every operational table: any write shows."""
    return {
        table: connection.execute(
            sql.SQL("select ctid::text, xmin::text from {} order by 1").format(sql.SQL(table))
        ).fetchall()
        for table in operational_tables(connection)
    }
