"""The facts of a summary, read from the target; how they look is `summary_page`'s business."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import psycopg
from psycopg.rows import class_row

from customer360.config import DEFAULT_SCHEMA, Database
from customer360.errors import C360Error
from customer360.queries import query

Row = TypeVar("Row")
LEGACY_SCHEMAS = ("marketplace", "booking", "field_service", "commerce", "crm")
_READ = {
    "canonical": ("customers", "customer_redirects"),
    "intermediate": ("int_records", "int_clusters", "int_edges", "int_ignored_identifiers"),
}


class NothingBuiltError(C360Error):
    """The database has no customers yet."""


@dataclass(frozen=True)
class SystemRecords:
    """What became of the records of one system."""

    system: str
    live: int
    quarantined: int
    deleted: int
    unidentified: int


@dataclass(frozen=True)
class Register:
    """The customers, counted."""

    customers: int
    records: int
    joined: int
    largest: int
    tenants: int
    merged: int
    retired: int
    redirects: int
    changed_at: datetime | None


@dataclass(frozen=True)
class Spread:
    """Customers that are known in so many systems."""

    systems: int
    customers: int


@dataclass(frozen=True)
class Rule:
    """Ties between records that one rule made."""

    rule: str
    ties: int


@dataclass(frozen=True)
class Problem:
    """One reason for quarantine, with a column that shows it."""

    reason: str
    records: int
    example: str


@dataclass(frozen=True)
class Ignored:
    """Identifiers that link nobody, by verdict."""

    verdict: str
    identifiers: int
    records: int


@dataclass(frozen=True)
class WorstIdentifier:
    """An identifier that links nobody although many records carry it."""

    kind: str
    value: str
    verdict: str
    reason: str
    records: int

    @property
    def masked(self) -> str:
        """Enough of the value to recognise it by, too little to reach a person by."""
        if self.kind == "email":
            return "…@" + self.value.rpartition("@")[2]
        scope, colon, value = self.value.rpartition(":")
        return f"{scope}{colon}…{value[-4:]}"


@dataclass(frozen=True)
class Pairwise:
    """Pairs of live records, compared with the truth."""

    true_positive: int
    false_positive: int
    """Joined, but two people; pairs within one household are not among them."""
    household_pairs: int
    """Joined because two people of one household share a phone, as the legacy plans want it."""
    false_negative: int
    recall_by_system: dict[str, float | None] = field(default_factory=dict)
    """Share joined of the pairs of one person with a record of the system; None where there are none."""

    @property
    def precision(self) -> float:
        """Share of the joined pairs that are one person; 1 where nothing was joined."""
        joined = self.true_positive + self.false_positive
        return self.true_positive / joined if joined else 1.0

    @property
    def recall(self) -> float:
        """Share of the pairs of one person that were joined; 1 where there are none."""
        actual = self.true_positive + self.false_negative
        return self.true_positive / actual if actual else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.precision * self.recall / ((self.precision + self.recall) or 1.0)


@dataclass(frozen=True)
class Summary:
    """All that a summary shows."""

    systems: list[SystemRecords]
    register: Register
    spread: list[Spread]
    rules: list[Rule]
    problems: list[Problem]
    ignored: list[Ignored]
    worst: list[WorstIdentifier]


def collect(database: Database, connection: psycopg.Connection) -> Summary:
    """Read the summary of the last build; NothingBuiltError says what to do where there was none."""
    check_tables(database, connection)
    names = database.schemas

    def rows(name: str, kind: type[Row]) -> list[Row]:
        return _rows(connection, name, kind, names)

    return Summary(
        systems=rows("summary_records", SystemRecords),
        register=rows("summary_customers", Register)[0],
        spread=rows("summary_spread", Spread),
        rules=rows("summary_rules", Rule),
        problems=rows("summary_problems", Problem),
        ignored=rows("summary_ignored", Ignored),
        worst=rows("summary_worst_identifiers", WorstIdentifier),
    )


def pairwise(connection: psycopg.Connection, schema: str = DEFAULT_SCHEMA) -> Pairwise:
    """Compare the clusters with the truth that the generator left in the schema `truth`."""
    return _rows(connection, "truth_pairs", Pairwise, {"intermediate": f"{schema}_intermediate"})[0]


def _rows(connection: psycopg.Connection, name: str, kind: type[Row], names: dict[str, str]) -> list[Row]:
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(query(name, **names)).fetchall()


def check_tables(database: Database, connection: psycopg.Connection) -> None:
    """Raise with the next step unless everything that a summary reads is there."""
    wanted = {(database.schemas[layer], name) for layer, names in _READ.items() for name in names}
    schemas = [*database.schemas.values(), *LEGACY_SCHEMAS]
    found = set(connection.execute(query("summary_relations"), {"schemas": schemas}).fetchall())
    missing = sorted(f"{schema}.{name}" for schema, name in wanted - found)
    if not missing:
        return
    legacy = sorted({schema for schema, _ in found} & set(LEGACY_SCHEMAS))
    if len(missing) < len(wanted):
        raise NothingBuiltError(
            f"The last build on {database.url} did not get far enough: {', '.join(missing)} is missing.",
            hint="run it again: c360 build",
        )
    if legacy:
        raise NothingBuiltError(
            f"No customers yet on {database.url}; legacy tables are there in: {', '.join(legacy)}.",
            hint="build the customers from them: c360 build",
        )
    raise NothingBuiltError(
        f"No customers and no legacy tables on {database.url} ({database.origin}).",
        hint="try it with made-up systems: c360 demo; or, once your own tables are there: c360 build",
    )
