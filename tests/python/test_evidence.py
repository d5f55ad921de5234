"""The evidence as a graph: forests and shortest chains over random edges, beside plain answers in Python."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from builds import connect
from hypothesis import given, settings
from hypothesis import strategies as st

from customer360.queries import query
from customer360.stewards.evidence import Tie, spanning_forest

# The strongest first, as spanning_forest wants them.
Ties = list[tuple[int, int, int]]
ties = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(1, 3)), max_size=30).map(
    lambda drawn: sorted({(min(a, b), max(a, b), weight) for a, b, weight in drawn if a != b}, key=lambda tie: -tie[2])
)


@pytest.fixture(scope="module")
def graph(each_database: str) -> Iterator[psycopg.Connection[Any]]:
    """The two tables that a chain is found in, without the rest of a build."""
    with connect(each_database) as connection:
        connection.execute(
            """
            create schema graph;
            create table graph.int_edges (
                record_no_a bigint, record_no_b bigint, rule text, value text, weight double precision
            );
            create table graph.int_clusters (record_no bigint, anchor_no bigint);
            """
        )
        yield connection


def distances(edges: Ties, start: int) -> dict[int, int]:
    """How many edges lie between the start and each node that it reaches."""
    found, waiting = {start: 0}, deque([start])
    while waiting:
        here = waiting.popleft()
        for a, b, _ in edges:
            for near, far in ((a, b), (b, a)):
                if near == here and far not in found:
                    found[far] = found[here] + 1
                    waiting.append(far)
    return found


@settings(max_examples=60, deadline=None)
@given(edges=ties, a=st.integers(1, 12), b=st.integers(1, 12))
def test_a_chain_is_as_short_as_can_be(graph: psycopg.Connection[Any], edges: Ties, a: int, b: int) -> None:
    graph.execute("truncate graph.int_edges, graph.int_clusters")
    with graph.cursor() as cursor:
        rows = [(x, y, "phone", str(weight), weight) for x, y, weight in edges]
        cursor.executemany("insert into graph.int_edges values (%s, %s, %s, %s, %s)", rows)
        # Odd and even numbers are two customers: a chain that has to stay within one finds no way round.
        cursor.executemany("insert into graph.int_clusters values (%s, %s)", [(no, no % 2) for no in range(1, 13)])
    for anchor_no in (None, a % 2):
        within = [edge for edge in edges if anchor_no is None or {edge[0] % 2, edge[1] % 2} == {anchor_no}]
        found = graph.execute(
            query("explain_chain", intermediate="graph"), {"a": a, "b": b, "anchor_no": anchor_no}
        ).fetchall()
        expected = distances(within, a).get(b)
        assert len(found) == (expected or 0)
        here = a
        for x, y, _, value in found:
            assert here in (x, y)
            assert int(value) == max(weight for p, q, weight in within if (p, q) == (x, y)), "a stronger edge is there"
            here = x if here == y else y
        assert here == b or expected is None


@settings(max_examples=200, deadline=None)
@given(edges=ties)
def test_a_forest_joins_what_its_edges_join_by_the_strongest(edges: Ties) -> None:
    forest = spanning_forest([Tie(a, b, "phone", str(weight)) for a, b, weight in edges])
    taken = [(tie.record_no_a, tie.record_no_b, int(tie.value)) for tie in forest]
    assert set(taken) <= set(edges)
    for node in range(1, 13):
        assert distances(taken, node).keys() == distances(edges, node).keys()
    for edge in taken:  # without it, only edges that are no stronger lead across
        rest = [other for other in taken if other != edge]
        near = distances(rest, edge[0]).keys()
        assert edge[1] not in near, "an edge too many"
        assert all(weight <= edge[2] for x, y, weight in edges if (x in near) != (y in near))
