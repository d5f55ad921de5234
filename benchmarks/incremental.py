"""What a build costs after a small change: nothing, 0.1 %, 1 % and 10 % of the source records.

Compared, in the same run, with the full build over the same data and with dbt's own overhead (the same project over
tables without rows). A delta changes contacts and names, brings new rows and deletes some, in all five systems.
`fixed` is a delta of the same number of records at a tenth of the size and at the full size.

A machine's speed changes by the minute, and the overhead is most of a small build. So the short builds take turns,
three rounds, and their medians count; of the full build and the delta of 10 % there is one.

    python benchmarks/incremental.py                           # 1,000,000 source records
    python benchmarks/incremental.py --records 100000 --json   # one JSON object
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click
import psycopg
from psycopg import sql
from rich.console import Console
from rich.table import Table

from customer360 import legacy
from customer360.config import find_database
from customer360.dbt import Build, BuildOptions, build
from customer360.server import Server

RECORDS_PER_PERSON = 4.85
FRACTIONS = (0.001, 0.01, 0.1)
ROUNDS = 3
# A sixth of the machine, as a server of one's own would have: what a delta looks up is in memory, not on a disk.
MEMORY = {"shared_buffers": "4GB"}

# Rows of each table that a delta of N rows updates, inserts and deletes, as shares of N.
UPDATES = {
    "marketplace.users": (0.08, "phone_number = '+57 300 ' || lpad((random() * 9999999)::int::text, 7, '0')"),
    "booking.prospects": (0.06, "phone = '06 12 ' || lpad((random() * 999999)::int::text, 6, '0')"),
    "booking.appointments": (0.10, "customer_name = customer_name || ' ' || chr(65 + (random() * 25)::int)"),
    "field_service.service_tickets": (0.12, "status = 'closed', updated_at = now()"),
    "commerce.customers": (0.06, "display_name = display_name || ' ' || chr(65 + (random() * 25)::int)"),
    "commerce.orders": (0.08, "status = 'shipped', updated_at = now()"),
    "crm.leads_master": (
        0.15,
        "notes = 'called again', phone_number = '98' || lpad((random() * 99999999)::int::text, 8, '0')",
    ),
}
INSERTS = {
    "marketplace.service_requests": (0.07, {"id": "gen_random_uuid()"}),
    "booking.appointments": (
        0.07,
        {"id": "gen_random_uuid()::text", "customer_phone": "'07' || lpad((random() * 99999999)::int::text, 8, '0')"},
    ),
    "crm.leads_master": (0.06, {"id": "gen_random_uuid()", "email": "md5(random()::text) || '@example.org'"}),
}
DELETES = {
    "marketplace.service_requests": 0.05,
    "field_service.service_tickets": 0.05,
    "crm.leads_master": 0.05,
}


@dataclass(frozen=True)
class Loaded:
    """A server with data, and the folder where dbt keeps what it has parsed: one for two servers would be read anew."""

    url: str
    records: int
    target: Path


@dataclass(frozen=True)
class Result:
    """Seconds are wall-clock time of a whole `dbt build`, tests included."""

    records: int
    full_seconds: float
    noop_seconds: float
    overhead_seconds: float
    noop_wal_bytes: int
    delta: dict[str, float] = field(default_factory=dict)
    """Seconds by fraction of the records that changed."""
    fixed: dict[str, float] = field(default_factory=dict)
    """Seconds of a delta of one size, by number of source records."""
    rounds: dict[str, list[float]] = field(default_factory=dict)
    """Seconds of every short build, in the order in which they ran."""
    nodes: dict[str, dict[str, float]] = field(default_factory=dict)
    """The slowest nodes of each build."""


def change(connection: psycopg.Connection[Any], rows: int) -> None:
    """Change about `rows` rows of the legacy systems, the same ones for the same state of the tables."""
    connection.execute("select setseed(0.36)")
    for table, (share, assignment) in UPDATES.items():
        _execute(connection, "update {table} set " + assignment + " where ctid in ({chosen})", table, rows * share)
    for table, (share, fresh) in INSERTS.items():
        columns = [
            name
            for (name,) in connection.execute(
                """
                select attname::text from pg_attribute
                where attrelid = %s::regclass and attnum > 0 and not attisdropped
                """,
                [table],
            )
        ]
        values = ", ".join(fresh.get(name, f'"{name}"') for name in columns)
        names = ", ".join(f'"{name}"' for name in columns)
        insert = f"insert into {{table}} ({names}) select {values} from {{table}} where ctid in ({{chosen}})"
        _execute(connection, insert, table, rows * share)
    for table, share in DELETES.items():
        _execute(connection, "delete from {table} where ctid in ({chosen})", table, rows * share)


def _execute(connection: psycopg.Connection[Any], query: str, table: str, rows: float) -> None:
    chosen = "select ctid from {table} order by random() limit {rows}"
    names = {"table": sql.Identifier(*table.split(".")), "rows": sql.Literal(round(rows))}
    connection.execute(sql.SQL(query.replace("{chosen}", chosen)).format(**names))


def measure(records: int, *, smaller: int) -> Result:
    """Everything at one size; the fixed delta also at the smaller size."""
    fixed_rows = round(records * FRACTIONS[0])
    few, some, many = FRACTIONS
    with loaded(1) as empty, loaded(smaller) as small, loaded(records) as large:
        _truncate(empty.url)
        for server in (empty, small):
            timed(server)
        full = timed(large)
        short: dict[str, list[Build]] = {name: [] for name in ("overhead", "noop", "small", str(few), str(some))}
        with psycopg.connect(large.url, autocommit=True) as connection:
            connection.execute("vacuum analyze")
            # Who reads first what ANALYZE wrote marks it as committed, and that is not the build's writing.
            connection.execute("vacuum")
            connection.execute("checkpoint")
            before = _value(connection, "select pg_current_wal_insert_lsn()")
            short["noop"].append(timed(large))
            wal = int(_value(connection, "select pg_current_wal_insert_lsn() - %s::pg_lsn", [before]))
        for _ in range(ROUNDS):
            short["small"].append(changed(small, fixed_rows))
            short["overhead"].append(timed(empty))
            short[str(few)].append(changed(large, round(large.records * few)))
            short["overhead"].append(timed(empty))
            short[str(some)].append(changed(large, round(large.records * some)))
            short["overhead"].append(timed(empty))
            short["noop"].append(timed(large))
        builds = {name: sorted(runs, key=lambda run: run.seconds)[len(runs) // 2] for name, runs in short.items()}
        builds |= {"full": full, str(many): changed(large, round(large.records * many))}
    overhead = builds.pop("overhead")
    fixed = {str(small.records): builds.pop("small"), str(large.records): builds[str(few)]}
    return Result(
        records=large.records,
        full_seconds=round(builds["full"].seconds, 2),
        noop_seconds=round(builds["noop"].seconds, 2),
        overhead_seconds=round(overhead.seconds, 2),
        noop_wal_bytes=wal,
        delta={str(fraction): round(builds[str(fraction)].seconds, 2) for fraction in FRACTIONS},
        fixed={size: round(run.seconds, 2) for size, run in fixed.items()},
        rounds={name: [round(run.seconds, 2) for run in runs] for name, runs in short.items()},
        nodes={name: _slowest(run, overhead) for name, run in builds.items()},
    )


def _truncate(url: str) -> None:
    """Empty the legacy tables."""
    with psycopg.connect(url, autocommit=True) as connection:
        for (table,) in connection.execute(
            "select oid::regclass::text from pg_class where relkind = 'r' and relnamespace = any(%s::regnamespace[])",
            [["marketplace", "booking", "field_service", "commerce", "crm"]],
        ).fetchall():
            connection.execute(sql.SQL("truncate {} cascade").format(sql.SQL(table)))


@contextmanager
def loaded(records: int) -> Iterator[Loaded]:
    """A server of its own with about so many source records."""
    with tempfile.TemporaryDirectory(prefix="c360-benchmark-", dir="/var/tmp") as folder:
        server = Server(Path(folder) / "data", settings=MEMORY)
        try:
            url = server.start()
            made = legacy.generate(url, people=max(1, round(records / RECORDS_PER_PERSON)))
            yield Loaded(url, made.records, Path(folder) / "target")
        finally:
            server.destroy()


def timed(server: Loaded) -> Build:
    """One `dbt build`."""
    os.environ["DBT_TARGET_PATH"] = str(server.target)
    database = find_database(server.url)
    with database.connect(autocommit=True) as connection:
        return build(database, connection, BuildOptions())


def changed(server: Loaded, rows: int) -> Build:
    """One `dbt build` after a delta."""
    with psycopg.connect(server.url) as connection:
        change(connection, rows)
    return timed(server)


def _value(connection: psycopg.Connection[Any], query: str, parameters: list[Any] | None = None) -> Any:
    row = connection.execute(query.encode(), parameters).fetchone()
    assert row is not None
    return row[0]


def _slowest(done: Build, overhead: Build) -> dict[str, float]:
    """The nodes that took longest beyond what they take over nothing."""
    base = {node.name: node.seconds for node in overhead.nodes}
    extra = {node.name: round(node.seconds - base.get(node.name, 0.0), 2) for node in done.nodes}
    return dict(sorted(extra.items(), key=lambda item: -item[1])[:12])


def show(result: Result) -> None:
    """The table for people."""
    own_full = result.full_seconds - result.overhead_seconds
    table = Table(title=f"dbt build on PostgreSQL, {result.records:,} source records", title_justify="left")
    for heading in ("", "seconds", "beyond dbt's overhead", "of the full build"):
        table.add_column(heading, justify="left" if not heading else "right")
    rows = {
        "full build": result.full_seconds,
        "nothing changed": result.noop_seconds,
        **{f"{float(fraction):.1%} changed": seconds for fraction, seconds in result.delta.items()},
    }
    for name, seconds in rows.items():
        own = seconds - result.overhead_seconds
        table.add_row(name, f"{seconds:,.2f}", f"{own:,.2f}", f"{own / own_full:.2%}")
    table.add_row("overhead: the project over no rows", f"{result.overhead_seconds:,.2f}", "", "")
    for size, seconds in result.fixed.items():
        own = seconds - result.overhead_seconds
        table.add_row(f"the same delta at {int(size):,} records", f"{seconds:,.2f}", f"{own:,.2f}", "")
    table.add_row("WAL of a build without changes", f"{result.noop_wal_bytes / 1e6:,.2f} MB", "", "")
    Console().print(table)


@click.command(help=__doc__)
@click.option("--records", type=click.IntRange(min=1000), default=1_000_000, help="Source records, about.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def main(records: int, as_json: bool) -> None:
    """Measure on servers of our own."""
    result = measure(records, smaller=records // 10)
    if as_json:
        click.echo(json.dumps(asdict(result)))
    else:
        show(result)


if __name__ == "__main__":
    main()
