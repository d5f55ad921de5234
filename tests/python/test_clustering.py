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
    build(each_database, select=("+cluster_packed_edges", "cluster_edges_apart"))
    with psycopg.connect(each_database, autocommit=True) as connection:
        yield connection


def by_ends(connection: psycopg.Connection[tuple[int, int]], edges: Edges) -> dict[int, int]:
    left, right = [a for a, _ in edges], [b for _, b in edges]
    rows = connection.execute(
        "select record_no, cluster_no from c360_functions.cluster_edges(%s::bigint[], %s::bigint[])", [left, right]
    ).fetchall()
    assert len(rows) == len({record for record, _ in rows}), "a record came back twice"
    return dict(rows)


def packed(connection: psycopg.Connection[tuple[int, int]], edges: Edges) -> dict[int, int]:
    """As models do it: what the macro packed_edges aggregates."""
    rows = connection.execute(
        """
        select cluster.record_no, cluster.cluster_no
        from
            (
                select
                    array_agg(greatest(a, b) * 4294967296 + least(a, b)) filter (where a <> b) as edges,
                    max(greatest(a, b)) as highest
                from unnest(%s::bigint[], %s::bigint[]) as edge (a, b)
            ) as packed,
            c360_functions.cluster_packed_edges(packed.edges, packed.highest) as cluster
        """,
        [[a for a, _ in edges], [b for _, b in edges]],
    ).fetchall()
    assert len(rows) == len({record for record, _ in rows}), "a record came back twice"
    return dict(rows)


def cluster(connection: psycopg.Connection[tuple[int, int]], edges: Edges) -> dict[int, int]:
    """Both ways, where the numbers can be packed."""
    answer = by_ends(connection, edges)
    if all(0 < record < 2**31 for edge in edges for record in edge):
        assert packed(connection, edges) == answer
    return answer


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
    "few numbers, far apart": [(5, 10**12), (10**15, 10**12), (6, 10**9), (7, 7)],
    "few low numbers, far apart": [(5, 10**9), (10**9, 10**6), (7, 7), (8, 10**3)],
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


def cluster_apart(
    connection: psycopg.Connection[tuple[int, int]], edges: list[tuple[int, int, bool]], apart: Edges, most: int
) -> dict[int, int]:
    rows = connection.execute(
        """
        select record_no, cluster_no
        from c360_functions.cluster_edges_apart(
            %s::bigint[], %s::bigint[], %s::boolean[], %s::bigint[], %s::bigint[], %s
        )
        """,
        [
            *([a for a, _, _ in edges], [b for _, b, _ in edges], [sure for _, _, sure in edges]),
            *([a for a, _ in apart], [b for _, b in apart], most),
        ],
    ).fetchall()
    assert len(rows) == len({record for record, _ in rows}), "a record came back twice"
    return dict(rows)


def clusters_apart(edges: list[tuple[int, int, bool]], apart: Edges, most: int) -> dict[int, int]:
    """The same with sets: an edge is taken if the union of both clusters holds no pair that must stay apart."""
    cluster_of = {node: {node} for a, b, _ in edges for node in (a, b)}
    for a, b, is_sure in edges:
        both = cluster_of[a] | cluster_of[b]
        too_large = not is_sure and cluster_of[a] is not cluster_of[b] and len(both) > most
        if too_large or any(x in both and y in both for x, y in apart if x != y):
            continue
        for node in both:
            cluster_of[node] = both
    return {node: min(cluster) for node, cluster in cluster_of.items()}


def test_what_must_stay_apart_does(connection: psycopg.Connection[tuple[int, int]]) -> None:
    node = st.integers(1, 12).map(lambda number: number * 10**6)
    pair = st.tuples(node, node).filter(lambda ends: ends[0] != ends[1])

    @settings(max_examples=400, deadline=None)
    @given(st.lists(st.tuples(node, node, st.booleans()), max_size=30), st.lists(pair, max_size=4), st.integers(2, 12))
    def agrees(edges: list[tuple[int, int, bool]], apart: Edges, most: int) -> None:
        assert cluster_apart(connection, edges, apart, most) == clusters_apart(edges, apart, most)

    agrees()


def test_two_hubs_with_many_pairs_between_them(connection: psycopg.Connection[tuple[int, int]]) -> None:
    """Every edge between them times every pair would be 100 million looks, and minutes."""
    half = 10_000
    edges = [(1, node, True) for node in range(2, half + 1)]
    edges += [(half + 1, node, True) for node in range(half + 2, 2 * half + 1)]
    edges += [(node, half + 1 + node % half, True) for node in range(1, half + 1)]
    connection.execute("set statement_timeout = '15s'")
    try:
        answer = cluster_apart(connection, edges, [(node, half + node) for node in range(1, half + 1)], 2 * half)
    finally:
        connection.execute("reset statement_timeout")
    assert answer == {node: 1 if node <= half else half + 1 for node in range(1, 2 * half + 1)}


def test_the_weakest_link_of_a_chain_gives_way(connection: psycopg.Connection[tuple[int, int]]) -> None:
    edges = [(1, 2, True), (3, 4, False), (2, 3, False)]
    assert cluster_apart(connection, edges, [(1, 4)], 100) == {1: 1, 2: 1, 3: 3, 4: 3}


def test_an_edge_with_one_end_is_refused(connection: psycopg.Connection[tuple[int, int]]) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="only one end"):
        by_ends(connection, [(1, None)])  # type: ignore[list-item]
    with pytest.raises(psycopg.errors.RaiseException, match="1 left ends but 2 right ends"):
        connection.execute("select c360_functions.cluster_edges(array[1]::bigint[], array[1, 2]::bigint[])")


def test_a_number_too_large_to_pack_is_refused(connection: psycopg.Connection[tuple[int, int]]) -> None:
    with pytest.raises(psycopg.errors.NumericValueOutOfRange):
        packed(connection, [(1, 2**31)])
