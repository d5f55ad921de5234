"""Why records are one customer, or why two records are one or are not: the facts, without their looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from customer360.config import Database
from customer360.errors import OverrideError
from customer360.overrides import find_record
from customer360.project import variable
from customer360.stewards.evidence import (
    Attribute,
    Customer,
    DecisionMade,
    Edge,
    Ignored,
    Member,
    Reader,
    Score,
    Shared,
    as_object,
    spanning_forest,
)

Scores = dict[tuple[int, int], Score]


@dataclass(frozen=True)
class CustomerExplained:
    """Why these records are one customer."""

    customer: Customer | None
    """None: nobody near these records has a name or a contact, so they wait."""
    anchor: Member
    records: dict[int, Member]
    attributes: list[Attribute]
    edges: list[Edge]
    """The spanning forest: the edges that hold the records together, the strongest first."""
    refused: list[Edge]
    """Edges to records of other customers."""
    ignored: list[Ignored]
    others: dict[int, Member]
    """Records of other customers that refused edges lead to."""
    scores: Scores

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        known = self.records | self.others
        return {
            "customer": self.customer and as_object(self.customer),
            "anchor": str(self.anchor),
            "records": [_record_json(member) for member in self.records.values()],
            "attributes": [as_object(attribute) for attribute in self.attributes],
            "edges": [_edge_json(edge, known, self.scores) for edge in self.edges],
            "refused": [_edge_json(edge, known, self.scores) for edge in self.refused],
            "ignored_identifiers": [as_object(ignored) for ignored in self.ignored],
        }


@dataclass(frozen=True)
class PairExplained:
    """Why two records are one customer, or why they are not."""

    a: Member
    b: Member
    because: list[str]
    """Why, in sentences."""
    chain: list[Edge]
    """The shortest chain of edges from A to B; where they are two customers, it holds the refused edges."""
    refused: list[Edge]
    """All edges between the two customers."""
    shared: list[Shared]
    decisions: list[DecisionMade]
    score: Score | None
    """Of the pair itself; where they are two customers and it has none, the strongest between them."""
    link_threshold: float
    records: dict[int, Member]
    scores: Scores

    @property
    def is_one(self) -> bool:
        """Whether the two are one customer."""
        return self.a.anchor_no == self.b.anchor_no

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "a": _record_json(self.a),
            "b": _record_json(self.b),
            "is_one_customer": self.is_one,
            "because": self.because,
            "chain": [_edge_json(edge, self.records, self.scores) for edge in self.chain],
            "refused": [_edge_json(edge, self.records, self.scores) for edge in self.refused],
            "shared_identifiers": [
                as_object(shared) | _ends(shared.record_no_a, shared.record_no_b, self.records)
                for shared in self.shared
            ],
            "decisions": [as_object(decision) for decision in self.decisions],
            "score": self.score
            and as_object(self.score) | _ends(self.score.record_no_a, self.score.record_no_b, self.records),
            "link_threshold": self.link_threshold,
        }


def explain_customer(
    database: Database, connection: psycopg.Connection, reference: str, tenant: str | None
) -> CustomerExplained:
    """Why the records of the customer that `reference` names, or whose record it names, are one."""
    found = find_record(database, connection, reference, tenant)
    read = Reader(database, connection)
    anchor_no = read.members(record_nos=[found.record_no])[found.record_no].anchor_no
    records = read.members(anchor_no)
    edges = read.edges(spanning_forest(read.ties("explain_ties", anchor_no=anchor_no)))
    refused = read.edges(read.ties("explain_refused", anchor_no=anchor_no, other_no=None))
    customers = read.rows(Customer, "explain_customer", customer_id=found.customer_id)
    return CustomerExplained(
        customer=customers[0] if customers else None,
        anchor=records[anchor_no],
        records=records,
        attributes=read.rows(Attribute, "explain_attributes", customer_id=found.customer_id),
        edges=edges,
        refused=refused,
        ignored=read.rows(Ignored, "explain_ignored", anchor_no=anchor_no),
        others=read.members(record_nos=_ends_of(refused) - records.keys()),
        scores=read.scores(_scored(edges + refused)),
    )


def explain_pair(
    database: Database, connection: psycopg.Connection, reference_a: str, reference_b: str, tenant: str | None
) -> PairExplained:
    """Why the two records are one customer, or why they are not."""
    numbers = [find_record(database, connection, each, tenant).record_no for each in (reference_a, reference_b)]
    read = Reader(database, connection)
    named = read.members(record_nos=numbers)
    a, b = (named[number] for number in numbers)
    if a == b:
        raise OverrideError(
            f"{reference_a} and {reference_b} are both the record {a}.",
            hint=f"name two records, or ask why its customer is one: c360 explain {reference_a}",
        )
    is_one = a.anchor_no == b.anchor_no
    side_a, side_b = ({a.record_no: a}, {b.record_no: b}) if is_one else map(read.members, (a.anchor_no, b.anchor_no))
    chain, refused = [], []
    if a.component_no == b.component_no:
        within = a.anchor_no if is_one else None
        chain = read.edges(read.ties("explain_chain", a=a.record_no, b=b.record_no, anchor_no=within))
    if not is_one:
        refused = read.edges(read.ties("explain_refused", anchor_no=a.anchor_no, other_no=b.anchor_no))
    sides = {"records_a": list(side_a), "records_b": list(side_b)}
    shared = read.rows(Shared, "explain_shared", **sides)
    decisions = read.rows(
        DecisionMade,
        "explain_decisions",
        tenant_id=a.tenant_id,
        keys_a=[str(member) for member in side_a.values()],
        keys_b=[str(member) for member in side_b.values()],
    )
    pair = (min(numbers), max(numbers))
    scores = read.scores([pair, *_scored(chain + refused)])
    score = scores.get(pair) or (None if is_one else read.strongest_score(**sides))
    records = named | side_a | side_b
    records |= read.members(record_nos=_ends_of(chain + refused) - records.keys())
    threshold = float(variable("match_link_threshold"))
    because = _why_one(chain) if is_one else _why_two(a, b, chain + refused, shared, decisions, score, threshold)
    return PairExplained(a, b, because, chain, refused, shared, decisions, score, threshold, records, scores)


def _why_one(chain: Sequence[Edge]) -> list[str]:
    weakest = min(chain, key=lambda edge: (edge.rule != "score", edge.weight))
    steps = "One edge ties them" if len(chain) == 1 else f"A chain of {len(chain)} edges ties them"
    return [f"{steps}; the weakest is {weakest.rule} {weakest.value} with {weakest.weight:g} bits."]


def _why_two(
    a: Member,
    b: Member,
    edges: Sequence[Edge],
    shared: Sequence[Shared],
    decisions: Sequence[DecisionMade],
    score: Score | None,
    threshold: float,
) -> list[str]:
    if a.tenant_id != b.tenant_id:
        return [f"They belong to the tenants {a.tenant_id} and {b.tenant_id}: customers never cross tenants."]
    because = [
        f"{each.decided_by} decided ({each.override}, {each.state}): "
        + ("they are one" if each.decision == "link" else f"{each.record_a} and {each.record_b} are two")
        + f", because: {each.reason}."
        for each in decisions
    ]
    because += sorted(
        {
            f"The edge {edge.rule} {edge.value} was refused: {edge.refused_because}."
            for edge in edges
            if edge.refused_because
        }
    )
    because += [
        f"They share the {each.kind} {each.value}, which does not link them ({each.verdict}): {each.reason}."
        for each in shared
        if each.verdict != "links"
    ]
    if score:
        compared = "reaches" if score.match_probability >= threshold else "is below"
        because.append(
            f"Their attributes give a probability of {score.match_probability:.4f}, "
            f"which {compared} the link threshold of {threshold:g}."
        )
    because += [
        f"{member} has no customer yet: nobody near it has a name or a contact."
        for member in (a, b)
        if not member.is_identified
    ]
    return because or ["They share no identifier, nobody decided on them, and no pair of their records has a score."]


def _ends_of(edges: Sequence[Edge]) -> set[int]:
    return {number for edge in edges for number in (edge.record_no_a, edge.record_no_b)}


def _scored(edges: Sequence[Edge]) -> list[tuple[int, int]]:
    """Pairs of records that scored edges tie."""
    return [(min(ends), max(ends)) for edge in edges if edge.rule == "score" for ends in [_numbers(edge)]]


def _numbers(edge: Edge) -> tuple[int, int]:
    return edge.record_no_a, edge.record_no_b


def _record_json(member: Member) -> dict[str, Any]:
    return {"record": str(member)} | as_object(member)


def _ends(a: int, b: int, records: dict[int, Member]) -> dict[str, str]:
    return {"record_a": str(records[a]), "record_b": str(records[b])}


def _edge_json(edge: Edge, records: dict[int, Member], scores: Scores) -> dict[str, Any]:
    a, b = _numbers(edge)
    score = scores.get((min(a, b), max(a, b))) if edge.rule == "score" else None
    evidence = {"score": as_object(score)} if score else {}
    return as_object(edge) | _ends(a, b, records) | evidence
