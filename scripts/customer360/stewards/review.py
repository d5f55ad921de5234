"""The review queue: pairs of records in doubt, worst doubt first, and the decisions on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import psycopg
from psycopg.rows import class_row

from customer360.config import Database
from customer360.errors import OverrideError
from customer360.overrides import Decision, decide
from customer360.queries import query
from customer360.stewards.evidence import Member, Reader, Score, as_object

Answer = Literal["same", "different", "skip", "quit"]
# In the order in which they are shown.
_ATTRIBUTES = (
    *("full_name", "first_name", "last_name", "organization_name", "phone", "second_phone", "whatsapp_number", "email"),
    *("tax_id", "registration_number", "address_line1", "postal_code", "city", "state", "country"),
    *("created_at", "updated_at"),
)
_DECISIONS: dict[Answer, Decision] = {"same": "link", "different": "separate"}


@dataclass(frozen=True)
class Queued:
    """A pair of records in doubt."""

    record_no_a: int
    record_no_b: int
    is_one: bool
    match_probability: float | None
    chance_of_error: float
    """How likely it is that what the last build did with the pair is wrong; the order of the queue."""
    doubts: list[dict[str, str]]
    waiting: int
    """Pairs in the queue."""


@dataclass(frozen=True)
class Pair:
    """A pair of records in doubt, with all that both say."""

    queued: Queued
    a: Member
    b: Member
    score: Score | None

    def compared(self) -> list[tuple[str, str | None, str | None, bool]]:
        """(attribute, what A says, what B says, whether they agree), for all that either has."""
        names = [name for name in _ATTRIBUTES if name in self.a.says or name in self.b.says]
        said = [(name, self.a.says.get(name), self.b.says.get(name)) for name in names]
        return [(name, a, b, a is not None and b is not None and a.casefold() == b.casefold()) for name, a, b in said]

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "record_a": str(self.a),
            "record_b": str(self.b),
            "tenant_id": self.a.tenant_id,
            "customer_id_a": str(self.a.customer_id),
            "customer_id_b": str(self.b.customer_id),
            "is_one_customer": self.queued.is_one,
            "chance_of_error": self.queued.chance_of_error,
            "match_probability": self.queued.match_probability,
            "doubts": self.queued.doubts,
            "a": self.a.says,
            "b": self.b.says,
            "agreeing": [name for name, _, _, agree in self.compared() if agree],
            "score": self.score and as_object(self.score),
        }


@dataclass(frozen=True)
class Session:
    """What came of a review."""

    decided: int
    left: int
    """Pairs that still wait for an answer."""


def queue(
    database: Database, connection: psycopg.Connection, *, tenant: str | None = None, limit: int | None = None
) -> list[Pair]:
    """The pairs in doubt that nobody decided on yet, worst first."""
    read = Reader(database, connection)
    found = connection.execute(query("review_extensions")).fetchone()
    if found is None or not read.has("canonical", "review_pairs"):
        raise OverrideError("There is no review queue yet.", hint="build the customers first: c360 build")
    names = database.schemas | {"extensions": str(found[0])}
    with connection.cursor(row_factory=class_row(Queued)) as cursor:
        queued = cursor.execute(query("review_queue", **names), {"tenant": tenant, "limit": limit}).fetchall()
    records = read.members(record_nos={number for pair in queued for number in (pair.record_no_a, pair.record_no_b)})
    scores = read.scores((pair.record_no_a, pair.record_no_b) for pair in queued)
    return [
        Pair(
            pair,
            records[pair.record_no_a],
            records[pair.record_no_b],
            scores.get((pair.record_no_a, pair.record_no_b)),
        )
        for pair in queued
    ]


def review(
    database: Database,
    connection: psycopg.Connection,
    pairs: list[Pair],
    *,
    ask: Callable[[Pair, int], tuple[Answer, str]],
    refused: Callable[[OverrideError], None],
) -> Session:
    """Ask about one pair after the other, until all are answered or `ask` says quit, and note each decision at once."""
    decided = 0
    for place, pair in enumerate(pairs, start=1):
        answer, reason = ask(pair, place)
        if answer == "quit":
            break
        if answer == "skip":
            continue
        try:
            a, b = str(pair.a), str(pair.b)
            decide(database, connection, _DECISIONS[answer], a, b, reason, pair.a.tenant_id)
        except OverrideError as error:
            refused(error)
        else:
            decided += 1
    return Session(decided, (pairs[0].queued.waiting if pairs else 0) - decided)
