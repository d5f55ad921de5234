"""The evidence between records, read from the tables of identity: records, edges, scores, decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from customer360.config import Database
from customer360.queries import query

Row = TypeVar("Row")


@dataclass(frozen=True)
class Member:
    """A record, and whose it is."""

    record_no: int
    tenant_id: str
    system: str
    entity: str
    source_id: str
    name: str
    is_live: bool
    is_identified: bool
    anchor_no: int
    component_no: int
    customer_id: UUID
    says: dict[str, str]
    """Its attributes, those that it has."""

    def __str__(self) -> str:
        """How a person names it."""
        return f"{self.system}.{self.entity}:{self.source_id}"


class Tie(NamedTuple):
    """What an edge is known by, and the other end of it."""

    record_no_a: int
    record_no_b: int
    rule: str
    value: str


@dataclass(frozen=True)
class Score:
    """What the attributes of two records say of their being one."""

    record_no_a: int
    record_no_b: int
    match_weight: float
    match_probability: float
    evidence: dict[str, dict[str, float]]
    """By attribute the level that was reached and its weight in bits; and the prior."""
    model_version: str


@dataclass(frozen=True)
class Edge:
    """A reason why two records are one."""

    record_no_a: int
    record_no_b: int
    rule: str
    value: str
    weight: float
    model_version: str
    is_accepted: bool
    refused_because: str | None
    contradicting_names: str | None
    decided_because: str | None
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True)
class Shared:
    """An identifier that both sides have."""

    kind: str
    value: str
    record_no_a: int
    record_no_b: int
    verdict: str
    reason: str


@dataclass(frozen=True)
class Ignored:
    """An identifier of a customer that links nobody."""

    kind: str
    value: str
    verdict: str
    reason: str
    records: int
    records_here: int


@dataclass(frozen=True)
class DecisionMade:
    """A decision of a person that names records of both sides."""

    override: str
    decision: str
    record_a: str
    record_b: str
    reason: str
    decided_by: str
    decided_at: datetime | None
    state: str


@dataclass(frozen=True)
class Attribute:
    """A golden value with its provenance."""

    attribute: str
    value: str
    rule: str
    records: int
    record: str
    losing_values: list[dict[str, Any]]


@dataclass(frozen=True)
class Customer:
    """A customer as it stands."""

    customer_id: UUID
    tenant_id: str
    name: str
    customer_type: str
    status: str
    record_count: int
    source_systems: list[str]
    created_at: datetime | None
    former_ids: list[UUID]


@dataclass(frozen=True)
class Reader:
    """Reads rows of one kind with one query; none of them looks at more than the records that it is asked about."""

    database: Database
    connection: psycopg.Connection

    def rows(self, row_type: type[Row], name: str, **values: Any) -> list[Row]:
        """The rows of `sql/<name>.sql`."""
        with self.connection.cursor(row_factory=class_row(row_type)) as cursor:
            return cursor.execute(query(name, **self.database.schemas), values).fetchall()

    def ties(self, name: str, **values: Any) -> list[Tie]:
        """The keys of edges that `sql/<name>.sql` finds, in its order."""
        found = self.connection.execute(query(name, **self.database.schemas), values)
        return [Tie(*row) for row in found.fetchall()]

    def members(self, anchor_no: int | None = None, record_nos: Iterable[int] = ()) -> dict[int, Member]:
        """The records of a cluster, or those named, by number."""
        found = self.rows(Member, "explain_members", anchor_no=anchor_no, record_nos=list(record_nos))
        return {member.record_no: member for member in found}

    def edges(self, ties: Sequence[Tie]) -> list[Edge]:
        """All that is known of these edges, in the order given."""
        keys = {"record_nos_b": [tie.record_no_b for tie in ties], "rules": [tie.rule for tie in ties]}
        return self.rows(Edge, "explain_edges", **keys, values=[tie.value for tie in ties])

    def scores(self, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Score]:
        """The scores of those of the pairs (the lesser number first) that were scored and kept, by pair."""
        if not self.has("intermediate", "int_scored_pairs"):
            return {}
        asked = list(pairs)
        numbers = {"record_nos_a": [a for a, _ in asked], "record_nos_b": [b for _, b in asked]}
        found = self.rows(Score, "explain_scores", **numbers)
        return {(score.record_no_a, score.record_no_b): score for score in found}

    def strongest_score(self, records_a: Sequence[int], records_b: Sequence[int]) -> Score | None:
        """The strongest scored pair between two sets of records."""
        if not self.has("intermediate", "int_scored_pairs"):
            return None
        found = self.rows(Score, "explain_strongest_score", records_a=list(records_a), records_b=list(records_b))
        return found[0] if found else None

    def has(self, layer: str, table: str) -> bool:
        """Whether a build has made this table yet."""
        name = sql.Identifier(self.database.schemas[layer], table).as_string(self.connection)
        row = self.connection.execute("select to_regclass(%s) is not null", [name]).fetchone()
        return bool(row and row[0])


def spanning_forest(ties: Sequence[Tie]) -> list[Tie]:
    """The edges that join clusters when all are taken in the order given (Kruskal's): the strongest that do."""
    parents: dict[int, int] = {}

    def root(node: int) -> int:
        while (above := parents.setdefault(node, node)) != node:
            parents[node] = parents[above]
            node = above
        return node

    forest = []
    for tie in ties:
        a, b = root(tie.record_no_a), root(tie.record_no_b)
        if a != b:
            parents[a] = b
            forest.append(tie)
    return forest


def as_object(row: Any) -> dict[str, Any]:
    """A row as a JSON object."""
    return {name: _plain(value) for name, value in vars(row).items()}


def _plain(value: Any) -> Any:
    """Ids and times as text."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
