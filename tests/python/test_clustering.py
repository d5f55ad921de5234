"""Connected components: every shape of graph, against an independent answer."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator

import psycopg
import pytest
from builds import build
from hypothesis import given, settings
from hypothesis import strategies as st

Edges = list[tuple[int, int]]


@pytest.fixture(scope="module")
def connection(each_database: str) -> Iterator[psycopg.Connection[tuple[int, int]]]:
    build(each_database, select=("cluster_edges",))
    with psycopg.connect(each_database, autocommit=True) as connection:
        yield connection


def cluster(connection: psycopg.Connection[tuple[int, int]], edges: Edges) -> dict[int, int]:
    left, right = [a for a, _ in edges], [b for _, b in edges]
    rows = connection.execute(
        "select record_no, cluster_no from c360_functions.cluster_edges(%s::bigint[], %s::bigint[])", [left, right]
    ).fetchall()
    assert len(rows) == len({record for record, _ in rows}), "a record came back twice"
    return dict(rows)


def components(edges: Edges) -> dict[int, int]:
    """The same by breadth-first search: slow, plain, and not the code under test."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    for a, b in edges:
        neighbours[a].add(b)
        neighbours[b].add(a)
    answer: dict[int, int] = {}
    for start in sorted(neighbours):
        if start in answer:
            continue
        found, queue = {start}, [start]
        while queue:
            for nearby in neighbours[queue.pop()] - found:
                found.add(nearby)
                queue.append(nearby)
        if len(found) > 1:
            answer |= dict.fromkeys(found, start)
    return answer


SHAPES: dict[str, Edges] = {
    "no edge": [],
    "a pair, the larger first": [(9, 4)],
    "chain a-b-c-d": [(1, 2), (2, 3), (3, 4)],
    "chain told from the far end": [(3, 4), (2, 3), (1, 2)],
    "star": [(50, spoke) for spoke in range(1, 50)],
    "ring": [(node, node % 100 + 1) for node in range(1, 101)],
    "two that never meet": [(1, 2), (3, 4)],
    "one edge told twice and backwards": [(7, 8), (7, 8), (8, 7)],
    "an edge from a record to itself": [(5, 5), (5, 6)],
    "numbers far from one": [(10**9 + 1, 10**9 + 3), (10**9 + 3, 10**9 + 2)],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_shape(connection: psycopg.Connection[tuple[int, int]], shape: str) -> None:
    assert cluster(connection, SHAPES[shape]) == components(SHAPES[shape])


@pytest.mark.parametrize("shape", ["chain", "shuffled chain", "hub", "ring", "random graph at its threshold"])
def test_a_hundred_thousand_records(connection: psycopg.Connection[tuple[int, int]], shape: str) -> None:
    size, dice = 100_000, random.Random(360)
    chain = [(node, node + 1) for node in range(1, size)]
    edges = {
        "chain": chain,
        "shuffled chain": dice.sample(chain, len(chain)),
        "hub": [(size, node) for node in range(1, size)],
        "ring": [*chain, (size, 1)],
        "random graph at its threshold": [(dice.randint(1, size), dice.randint(1, size)) for _ in range(size // 2)],
    }[shape]
    assert cluster(connection, edges) == components(edges)


def test_any_graph(connection: psycopg.Connection[tuple[int, int]]) -> None:
    node = st.integers(1, 25)

    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.tuples(node, node), max_size=60))
    def agrees(edges: Edges) -> None:
        assert cluster(connection, edges) == components(edges)

    agrees()


def test_an_edge_with_one_end_is_refused(connection: psycopg.Connection[tuple[int, int]]) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="only one end"):
        cluster(connection, [(1, None)])  # type: ignore[list-item]
    with pytest.raises(psycopg.errors.RaiseException, match="1 left ends but 2 right ends"):
        connection.execute("select c360_functions.cluster_edges(array[1]::bigint[], array[1, 2]::bigint[])")
