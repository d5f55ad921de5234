"""How long the main job takes: load, `dbt build`, and a build with nothing to do, per layer.

Compared, in the same run, with the floor: a bare GROUP BY over the identifiers, which is the least that any
linking of records has to do. Each size gets a fresh database on a server of its own.

    python benchmarks/build.py                           # 100,000 and 1,000,000 source records
    python benchmarks/build.py --records 1000000 --json  # one JSON object
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click
import psycopg
from rich.console import Console
from rich.table import Table

from customer360 import legacy
from customer360.config import find_database
from customer360.dbt import Build, BuildOptions, build
from customer360.server import Server

RECORDS_PER_PERSON = 4.85
LAYERS = {
    "registry": ("int_record_changes", "int_records"),
    "identity": ("int_identifiers", "int_ignored_identifiers", "int_edges", "int_clusters"),
    "golden records": ("int_golden_values", "int_golden_records"),
    "customers": ("customers",),
}
FLOOR = """
    select count(*) from (
        select tenant_id, kind, value, min(record_no), count(*)
        from c360_intermediate.int_identifiers
        group by tenant_id, kind, value
    ) as groups
"""


@dataclass(frozen=True)
class Result:
    """What one size took; seconds are wall-clock time."""

    records: int
    load_seconds: float
    build_seconds: float
    rows_per_second: float
    floor_seconds: float
    noop_build_seconds: float
    layers: dict[str, float] = field(default_factory=dict)


def measure(url: str, records: int) -> Result:
    """Load about `records` source records into the empty database at `url`, build twice, take the floor."""
    started = time.monotonic()
    generated = legacy.generate(url, people=max(1, round(records / RECORDS_PER_PERSON)))
    load_seconds = time.monotonic() - started
    database = find_database(url)
    with database.connect(autocommit=True) as connection, tempfile.TemporaryDirectory() as target:
        os.environ["DBT_TARGET_PATH"] = target
        first = build(database, connection, BuildOptions())
        second = build(database, connection, BuildOptions())
        floor_seconds = min(_seconds(connection, FLOOR) for _ in range(3))
    return Result(
        records=generated.records,
        load_seconds=round(load_seconds, 2),
        build_seconds=round(first.seconds, 2),
        rows_per_second=round(generated.records / first.seconds),
        floor_seconds=round(floor_seconds, 3),
        noop_build_seconds=round(second.seconds, 2),
        layers=_layers(first),
    )


def _seconds(connection: psycopg.Connection, query: str) -> float:
    started = time.monotonic()
    connection.execute(query.encode())
    return time.monotonic() - started


def _layers(done: Build) -> dict[str, float]:
    """Seconds of the nodes of each layer, added up (two run side by side)."""
    layer_of = {name: layer for layer, names in LAYERS.items() for name in names}
    seconds: dict[str, float] = defaultdict(float)
    for node in done.nodes:
        if node.kind == "model":
            other = "staging (views)" if node.name.startswith("stg_") else "links and views"
            seconds[layer_of.get(node.name, other)] += node.seconds
        else:
            seconds["tests" if "test" in node.kind else "functions and seeds"] += node.seconds
    return {layer: round(value, 2) for layer, value in seconds.items()}


def show(results: list[Result]) -> None:
    """The table for people."""
    table = Table(title="dbt build on PostgreSQL, seconds", title_justify="left")
    table.add_column("")
    for result in results:
        table.add_column(f"{result.records:,} records", justify="right")
    rows = {
        "load (made-up systems)": [result.load_seconds for result in results],
        **{f"  {layer}": [result.layers.get(layer, 0.0) for result in results] for layer in results[-1].layers},
        "first build": [result.build_seconds for result in results],
        "build with nothing to do": [result.noop_build_seconds for result in results],
        "floor: GROUP BY over identifiers": [result.floor_seconds for result in results],
    }
    for name, values in rows.items():
        table.add_row(name, *(f"{value:,.2f}" for value in values))
    table.add_row("source records per second", *(f"{result.rows_per_second:,.0f}" for result in results))
    Console().print(table)


@click.command(help=__doc__)
@click.option("--records", type=click.IntRange(min=100), multiple=True, help="Source records, about; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for the last size instead of a table.")
def main(records: tuple[int, ...], as_json: bool) -> None:
    """Measure each size on a server of its own."""
    results = []
    for size in records or (100_000, 1_000_000):
        with tempfile.TemporaryDirectory(prefix="c360-benchmark-", dir="/var/tmp") as folder:
            server = Server(Path(folder) / "data")
            try:
                results.append(measure(server.start(), size))
            finally:
                server.destroy()
    if as_json:
        click.echo(json.dumps(asdict(results[-1])))
    else:
        show(results)


if __name__ == "__main__":
    main()
