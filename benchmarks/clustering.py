"""Clustering alone: connected components of the same edges on the same server, by our union-find
(cluster_packed_edges), by Splink on PostgreSQL, by Splink on DuckDB, beside a bare GROUP BY over the edges and one over
both ends of each edge, graph by graph in one run.

The graph `records` is like a build's: 1,000,000 records in groups whose sizes halve in number, tied by one edge more
than they need on average. The others are those that break or slow algorithms: a path, a star, a ring and a random
graph at the threshold where its giant component appears, 100,000 records each, their numbers shuffled.

    pip install "splink>=5,<6" sqlalchemy "psycopg[binary]" pandas pyarrow    # in an environment of its own
    python benchmarks/clustering.py --peer-python venv/bin/python
    python benchmarks/clustering.py --peer-python venv/bin/python --json
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import psycopg
from rich.console import Console
from rich.table import Table

from customer360.config import find_database
from customer360.dbt import BuildOptions, build
from customer360.server import Server

SEED = 360
ROUNDS = 5
SIZE = 100_000
PEER_TIMEOUT = 900
OURS = """
    create temporary table found as
    select cluster.record_no, cluster.cluster_no
    from (
            select
                array_agg(greatest(unique_id_l, unique_id_r) * 4294967296 + least(unique_id_l, unique_id_r))
                    filter (where unique_id_l <> unique_id_r) as edges,
                max(greatest(unique_id_l, unique_id_r)) as highest
            from edges
        ) as packed,
        c360_functions.cluster_packed_edges(packed.edges, packed.highest) as cluster
"""
GROUP_BY = "create temporary table found as select unique_id_l, min(unique_id_r) from edges group by unique_id_l"
# What any clustering has to do at least: look at each edge from either end, and write one row for each record.
GROUP_BY_ENDS = """
    create temporary table found as
    select one, min(other)
    from (
        select unique_id_l as one, unique_id_r as other from edges
        union all
        select unique_id_r, unique_id_l from edges
    ) as ends
    group by one
"""

Edges = Iterator[tuple[int, int]]


@dataclass(frozen=True)
class Result:
    """One graph; seconds are the best of five, of a peer that has to start anew the only one."""

    edges: int
    records: int
    clusters: int
    ours_seconds: float
    splink_postgres_seconds: float
    splink_duckdb_seconds: float
    group_by_seconds: float
    group_by_ends_seconds: float
    """GROUP BY over both ends of each edge: one row for each record, as a clustering has."""


def like_records(records: int) -> Edges:
    """Groups of 2, 3, 4 … records, tied in a tree and by as many edges again as half of its own."""
    dice, first = random.Random(SEED), 0
    while first < records:
        size = 2
        while dice.random() < 0.5:
            size += 1
        for member in range(1, size):
            yield first + dice.randrange(member), first + member
            if dice.random() < 0.5:
                yield first + dice.randrange(member), first + member
        first += size


def path(size: int) -> Edges:
    """Each record tied to the next."""
    return ((record, record + 1) for record in range(size - 1))


def star(size: int) -> Edges:
    """One record in the middle."""
    return ((0, record) for record in range(1, size))


def ring(size: int) -> Edges:
    """A path whose ends meet."""
    return ((record, (record + 1) % size) for record in range(size))


def at_threshold(size: int) -> Edges:
    """As many random edges as half the records."""
    dice = random.Random(SEED)
    return ((dice.randrange(size), dice.randrange(size)) for _ in range(size // 2))


GRAPHS: dict[str, Callable[[int], Edges]] = {
    "records": like_records,
    "path": path,
    "star": star,
    "ring": ring,
    "random graph at its threshold": at_threshold,
}


def load(connection: psycopg.Connection[Any], edges: Edges) -> int:
    """The tables `edges` and `nodes`, their numbers shuffled; how many edges."""
    told = [(a, b) for a, b in edges if a != b]
    size = max(max(edge) for edge in told) + 1
    numbers = random.Random(SEED).sample(range(1, size + 1), size)
    connection.execute("drop table if exists edges, nodes")
    connection.execute("create table edges (unique_id_l bigint, unique_id_r bigint)")
    with connection.cursor().copy("copy edges from stdin") as copy:
        for a, b in told:
            copy.write_row((numbers[a], numbers[b]))
    connection.execute(
        "create table nodes as select unique_id_l as unique_id from edges union select unique_id_r from edges"
    )
    connection.execute("vacuum analyze edges")
    connection.execute("vacuum analyze nodes")
    return len(told)


def seconds(connection: psycopg.Connection[Any], *queries: str) -> list[float]:
    """The best of each, in turns, so that what else the machine does falls on all of them."""
    times: list[list[float]] = [[] for _ in queries]
    for _ in range(ROUNDS):
        for query, taken in zip(queries, times, strict=True):
            connection.execute("drop table if exists found")
            started = time.monotonic()
            connection.execute(query.encode())
            taken.append(time.monotonic() - started)
    return [min(taken) for taken in times]


def splink(python: str, backend: str, conninfo: str, expected: tuple[int, int]) -> float:
    """Splink in its own environment; NaN if it does not end in time."""
    script = Path(__file__).with_name("clustering_splink.py")
    try:
        done = subprocess.run(
            [python, str(script), backend, conninfo], capture_output=True, text=True, check=False, timeout=PEER_TIMEOUT
        )
    except subprocess.TimeoutExpired:
        return float("nan")
    if done.returncode:
        raise click.ClickException(f"Splink failed with {python}:\n{done.stderr[-2000:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    if (found["records"], found["clusters"]) != expected:
        raise click.ClickException(f"Splink found {found}, we found {expected} records and clusters.")
    return float(found["seconds"])


def measure(url: str, graph: str, size: int, peer_python: str) -> Result:
    """One graph, by all of them."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("set work_mem = '256MB'")
        edges = load(connection, GRAPHS[graph](size))
        group_by, group_by_ends, ours = seconds(connection, GROUP_BY, GROUP_BY_ENDS, OURS)
        counted = connection.execute("select count(*), count(distinct cluster_no) from found").fetchone()
        assert counted is not None
    return Result(
        edges=edges,
        records=counted[0],
        clusters=counted[1],
        ours_seconds=round(ours, 3),
        splink_postgres_seconds=round(splink(peer_python, "postgres", url, counted), 3),
        splink_duckdb_seconds=round(splink(peer_python, "duckdb", url, counted), 3),
        group_by_seconds=round(group_by, 3),
        group_by_ends_seconds=round(group_by_ends, 3),
    )


def show(results: dict[str, Result]) -> None:
    """The table for people."""
    table = Table(title="Seconds to cluster the same edges", title_justify="left")
    peers = ("Splink on PostgreSQL", "Splink on DuckDB", "bare GROUP BY", "of both ends")
    for heading in ("graph", "edges", "ours", *peers):
        table.add_column(heading, justify="left" if heading == "graph" else "right")
    for name, result in results.items():
        times = (
            result.ours_seconds,
            result.splink_postgres_seconds,
            result.splink_duckdb_seconds,
            result.group_by_seconds,
            result.group_by_ends_seconds,
        )
        table.add_row(name, f"{result.edges:,}", *(f"{value:,.2f}" for value in times))
    Console().print(table)


@click.command(help=__doc__)
@click.option("--records", default=1_000_000, show_default=True, help="Records of the graph that is like a build's.")
@click.option("--peer-python", default=sys.executable, help="Python of the environment that has Splink.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the table.")
def main(records: int, peer_python: str, as_json: bool) -> None:
    """Measure on a server of our own."""
    with tempfile.TemporaryDirectory(prefix="c360-benchmark-", dir="/var/tmp") as folder:
        server = Server(Path(folder) / "data")
        os.environ["DBT_TARGET_PATH"] = str(Path(folder) / "target")
        try:
            url = server.start()
            database = find_database(url)
            with database.connect(autocommit=True) as connection:
                build(database, connection, BuildOptions(select=("+cluster_packed_edges",)))
            results = {
                graph: measure(url, graph, records if graph == "records" else SIZE, peer_python) for graph in GRAPHS
            }
        finally:
            server.destroy()
    if as_json:
        click.echo(json.dumps({name: asdict(result) for name, result in results.items()}))
    else:
        show(results)


if __name__ == "__main__":
    main()
