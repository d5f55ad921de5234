"""What an application feels while its orders move to another key: no migration, the plan's own script, ours.

An open loop of reads and writes runs beside each: new orders and new customers arrive all the while. Latency counts
from the moment a request was due. Each run gets its own copy of the same shop on one server:

    floor   the application alone
    naive   legacy plan 003 as its document prints it, names mapped, in one transaction
    ours    c360 apply expand, backfill, constrain, switch

and, with nobody beside it, the least that a backfill can do: one INSERT of the mapping and its profiles, and one UPDATE
a table, no index or key on the new column. Beside these stand the seconds of our steps as the ledger has them, checks
included.

    python benchmarks/cutover.py                         # 1,000,000 orders
    python benchmarks/cutover.py --rows 5000000 --json   # one JSON object
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click
import cutover_shop as shop
import psycopg
from psycopg import sql
from rich.console import Console
from rich.table import Table

from customer360.server import Server

# A shop's server: memory for its orders, and a commit is on disk before the client is told.
SETTINGS = {"shared_buffers": "4GB", "synchronous_commit": "on"}
SETTLE = 5.0  # seconds of load before a run starts and after it ends
BUILDS = "select exists (select from pg_stat_progress_create_index where datname = current_database())"
STEP_SECONDS = """
    select step, round(extract(epoch from finished_at - started_at), 1)::float from c360_ops.ledger
    where phase = 'backfill' and finished_at is not null order by position
"""
INDEX_BUILD = "index build"
PHASES = ("expand", "backfill", "constrain", "switch")


@dataclass(frozen=True)
class Latency:
    """Latencies of the requests that were due in, or waited through, a stretch of time; milliseconds."""

    requests: int
    p50_ms: float
    p99_ms: float
    p999_ms: float
    max_ms: float


@dataclass(frozen=True)
class Run:
    """One run: how long it took, what the application felt, and what was left."""

    seconds: float
    """Of the migration; of the load where there is none."""
    p99_ms: float
    p999_ms: float
    max_ms: float
    failed: int
    """Requests of the application that failed."""
    missed: int
    """Rows that refer to no profile or to a wrong one, customers without a profile, and acknowledged writes lost."""
    outcome: str
    requests: int
    sqlstates: dict[str, int]
    table_growth_percent: float
    phase_seconds: dict[str, float] = field(default_factory=dict)
    step_seconds: dict[str, float] = field(default_factory=dict)
    """Of the steps of the backfill, with the checks that each ends with."""
    phases: dict[str, Latency] = field(default_factory=dict)
    """By phase; the time in which an index was being built is a phase of its own."""


@dataclass(frozen=True)
class Request:
    """One request of the application; seconds of the monotonic clock."""

    due: float
    answered: float
    kind: str
    sqlstate: str


Interval = tuple[float, float]


@dataclass
class Migration:
    """What a run did beside the load, and when."""

    outcome: str = "completed"
    phases: dict[str, Interval] = field(default_factory=dict)
    builds: list[Interval] = field(default_factory=list)
    step_seconds: dict[str, float] = field(default_factory=dict)
    orders_bytes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Idle:
    """Seconds of the least that a backfill can do."""

    mapping: float
    update: float


class Bench:
    """One server with the shop in it, from which every run takes a copy."""

    def __init__(self, server: Server, rows: int, rate: float) -> None:
        """Load the shop."""
        self.server, self.rows, self.rate = server, rows, rate
        self.admin = psycopg.connect(server.url("postgres"), autocommit=True)
        self.admin.execute("create database shop")
        with psycopg.connect(server.url("shop")) as connection:
            shop.create(connection, rows)
        with psycopg.connect(server.url("shop"), autocommit=True) as connection:
            connection.execute("vacuum analyze")

    @contextmanager
    def copy(self, name: str) -> Iterator[str]:
        """URL of a fresh copy, with nothing left to write out."""
        database = sql.Identifier(name)
        self.admin.execute(sql.SQL("create database {} template shop strategy file_copy").format(database))
        self.admin.execute("checkpoint")
        yield self.server.url(name)
        self.admin.execute(sql.SQL("drop database {} with (force)").format(database))

    def floor(self, seconds: float) -> Run:
        """The application alone."""
        with self.copy("floor") as url, self.load(url) as load:
            started = time.monotonic()
            time.sleep(seconds)
            return load.finish(Migration(phases={"floor": (started, time.monotonic())}), migrated=False)

    def naive(self, limit: float) -> Run:
        """The plan's own script, stopped after `limit` seconds."""
        with self.copy("naive") as url, self.load(url) as load:
            migration = Migration()
            started = time.monotonic()
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(sql.SQL("set statement_timeout = {}").format(sql.Literal(round(limit * 1000))))
                try:
                    connection.execute(shop.NAIVE)
                except psycopg.errors.QueryCanceled:
                    migration.outcome = f"stopped after {limit:.0f} s, rolled back"
                except psycopg.Error as error:
                    migration.outcome = f"rolled back: {error.sqlstate} {error.diag.message_primary}"
            migration.phases["script"] = (started, time.monotonic())
            return load.finish(migration)

    def ours(self) -> Run:
        """The engine, phase by phase, each a command as an operator gives it."""
        with self.copy("ours") as url, self.load(url) as load:
            migration = Migration()
            with psycopg.connect(url, autocommit=True) as connection, watch_builds(url, migration):
                for phase in PHASES:
                    before = shop.orders_bytes(connection)
                    started = time.monotonic()
                    done = apply(phase, url)
                    migration.phases[phase] = (started, time.monotonic())
                    migration.orders_bytes[phase] = shop.orders_bytes(connection) - before
                    if done.returncode != 0:
                        said = (done.stderr or done.stdout).strip()
                        migration.outcome = f"{phase} failed: {said[-2000:]}"
                        break
                migration.step_seconds = dict(connection.execute(STEP_SECONDS).fetchall())
            return load.finish(migration)

    def idle(self) -> Idle:
        """Seconds of one INSERT of the mapping and of one UPDATE a table, with nobody beside them."""
        with self.copy("idle") as url, psycopg.connect(url, autocommit=True) as connection:
            seconds = []
            for prepared, measured in (("", shop.IDLE_MAPPING), (shop.IDLE_PREPARED, shop.IDLE_UPDATE)):
                connection.execute(prepared.encode())
                connection.execute("checkpoint")
                started = time.monotonic()
                connection.execute(measured.encode())
                seconds.append(round(time.monotonic() - started, 1))
            return Idle(*seconds)

    @contextmanager
    def load(self, url: str) -> Iterator[Load]:
        """The application on the database at `url`, settled in."""
        with tempfile.TemporaryDirectory() as folder:
            load = Load(url, self.rows, self.rate, Path(folder) / "log.json")
            try:
                load.settle()
                yield load
            finally:
                load.process.kill()
                load.process.wait()


class Load:
    """The application in its own process, and what it tells at the end."""

    def __init__(self, url: str, rows: int, rate: float, log: Path) -> None:
        """Start it and wait until it is connected."""
        self.url, self.rows, self.log = url, rows, log
        with psycopg.connect(url, autocommit=True) as connection:
            self.bytes_before = shop.orders_bytes(connection)
        customers = max(1, rows // shop.ORDERS_PER_CUSTOMER)
        options = {"rate": rate, "orders": rows, "customers": customers, "log": log}
        self.process = subprocess.Popen(
            [
                sys.executable,
                str(Path(__file__).with_name("cutover_load.py")),
                url.replace("postgres@", f"{shop.APPLICATION}@", 1),
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("the load did not start")

    def settle(self) -> None:
        """Let it run for a while: caches fill, statements get prepared."""
        time.sleep(SETTLE)

    def finish(self, migration: Migration, *, migrated: bool = True) -> Run:
        """Let it run on for a while, stop it, wait until everything is answered, and look at what is there."""
        self.settle()
        self.process.communicate()
        told = json.loads(self.log.read_text())
        requests = [Request(*entry) for entry in told["requests"]]
        with psycopg.connect(self.url, autocommit=True) as connection:
            growth = (shop.orders_bytes(connection) - self.bytes_before) / self.bytes_before
            missed = shop.lost(connection, Counter(told["acknowledged"]), self.rows)
            missed += shop.missed(connection) if migrated else 0
        # What waited for the migration counts, even if it was answered after it.
        started = min(begin for begin, _ in migration.phases.values())
        overall = latency([request for request in requests if request.answered >= started])
        return Run(
            seconds=round(sum(end - begin for begin, end in migration.phases.values()), 1),
            p99_ms=overall.p99_ms,
            p999_ms=overall.p999_ms,
            max_ms=overall.max_ms,
            failed=sum(told["failed"].values()),
            missed=missed,
            outcome=migration.outcome,
            requests=overall.requests,
            sqlstates=told["failed"],
            table_growth_percent=round(100 * growth, 1),
            phase_seconds={name: round(end - begin, 1) for name, (begin, end) in migration.phases.items()},
            step_seconds=migration.step_seconds,
            phases=latencies_by_phase(requests, migration),
        )


def apply(phase: str, url: str) -> subprocess.CompletedProcess[str]:
    """`c360 apply PHASE` for commerce."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("c360")), "apply", phase, "--system", "commerce"],
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def watch_builds(url: str, migration: Migration) -> Iterator[None]:
    """Note when indexes are being built, as the server itself reports it."""
    over = threading.Event()

    def watch() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            since: float | None = None
            while not over.wait(0.05) or since is not None:
                row = connection.execute(BUILDS).fetchone()
                building, now = bool(row and row[0]), time.monotonic()
                if building and since is None:
                    since = now - 0.05
                elif since is not None and not building:
                    migration.builds.append((since, now))
                    since = None

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def latencies_by_phase(requests: list[Request], migration: Migration) -> dict[str, Latency]:
    """Latencies of the requests that any part of a phase fell upon; while an index is built, that is the phase."""
    building = {request for request in requests if _within(request, migration.builds)}
    phases = {
        name: latency([request for request in requests if request not in building and _within(request, [interval])])
        for name, interval in migration.phases.items()
    }
    return phases | ({INDEX_BUILD: latency(list(building))} if building else {})


def latency(requests: list[Request]) -> Latency:
    """Percentiles by the nearest rank."""
    waited = sorted(1000 * (request.answered - request.due) for request in requests) or [0.0]
    p50, p99, p999 = (round(waited[min(len(waited) - 1, int(share * len(waited)))], 1) for share in (0.5, 0.99, 0.999))
    return Latency(len(requests), p50, p99, p999, round(waited[-1], 1))


def _within(request: Request, intervals: list[Interval]) -> bool:
    return any(request.due <= end and request.answered >= begin for begin, end in intervals)


def bars(floor: Run, ours: Run, idle: Idle) -> dict[str, dict[str, Any]]:
    """What must hold: for each bar the limit, what was measured (None: it did not come to that), whether it holds."""
    backfill, built = ours.phases.get("backfill"), ours.phases.get(INDEX_BUILD)
    measured: dict[str, tuple[float, float | None]] = {
        "failed": (0, ours.failed),
        "missed": (0, ours.missed),
        "backfill_p999_ms": (max(30.0, 2 * floor.p999_ms), backfill.p999_ms if backfill else None),
        "stall_ms": (150.0, max(felt.max_ms for name, felt in ours.phases.items() if name != INDEX_BUILD)),
        "stall_index_build_ms": (250.0, built.max_ms if built else None),
        "backfill_seconds": (
            idle.update,
            round(sum(seconds for step, seconds in ours.step_seconds.items() if "mapping" not in step), 1) or None,
        ),
        "table_growth_percent": (15.0, ours.table_growth_percent),
    }
    done = ours.outcome == "completed"
    return {
        name: {"limit": limit, "measured": value, "holds": done and value is not None and value <= limit}
        for name, (limit, value) in measured.items()
    }


def show(rows: int, rate: float, runs: dict[str, Run], idle: Idle) -> None:
    """The tables for people."""
    console = Console()
    title = f"{rows:,} orders, {rate:.0f} requests a second beside the migration"
    table = Table(title=title, title_justify="left")
    for heading in ("", "seconds", "p99 ms", "p99.9 ms", "max ms", "failed", "missed", "growth %"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, run in runs.items():
        counts = (f"{run.failed:,}", f"{run.missed:,}", f"{run.table_growth_percent:.1f}")
        table.add_row(name, f"{run.seconds:,.1f}", *_milliseconds(run), *counts)
        for phase, felt in run.phases.items() if len(run.phases) > 1 else ():
            seconds = f"{run.phase_seconds[phase]:,.1f}" if phase in run.phase_seconds else ""
            table.add_row(f"  {phase}", seconds, *_milliseconds(felt), style="dim")
    console.print(table)
    for name, run in runs.items():
        failures = ", ".join(f"{count:,} times {state}" for state, count in run.sqlstates.items())
        console.print(f"{name}: {run.outcome}" + (f"; the application failed {failures}" if failures else ""))
    held = Table(title="What must hold of ours", title_justify="left")
    for heading in ("", "limit", "measured", ""):
        held.add_column(heading, justify="left" if heading == "" else "right")
    for name, bar in bars(runs["floor"], runs["ours"], idle).items():
        held.add_row(name.replace("_", " "), f"{bar['limit']:,}", str(bar["measured"]), "yes" if bar["holds"] else "NO")
    console.print(held)
    steps = Table(title="Backfill", title_justify="left")
    for heading in ("", "seconds"):
        steps.add_column(heading, justify="right" if heading else "left")
    idle_steps = {"idle: one INSERT of the mapping": idle.mapping, "idle: one UPDATE a table": idle.update}
    for step, lasted in (runs["ours"].step_seconds | idle_steps).items():
        steps.add_row(step, f"{lasted:,.1f}")
    console.print(steps)


def _milliseconds(felt: Run | Latency) -> tuple[str, str, str]:
    return f"{felt.p99_ms:,.1f}", f"{felt.p999_ms:,.1f}", f"{felt.max_ms:,.1f}"


@click.command(help=__doc__)
@click.option("--rows", type=click.IntRange(min=1000), default=1_000_000, show_default=True, help="Orders.")
@click.option("--rate", type=float, default=400, show_default=True, help="Requests a second.")
@click.option("--floor-seconds", type=float, default=60, show_default=True, help="How long the floor is measured.")
@click.option("--naive-limit", type=float, default=600, show_default=True, help="Seconds after which naive is stopped.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
def main(rows: int, rate: float, floor_seconds: float, naive_limit: float, as_json: bool) -> None:
    """Three runs and the idle statements, on a server of their own."""
    with tempfile.TemporaryDirectory(prefix="c360-benchmark-", dir="/var/tmp") as folder:
        server = Server(Path(folder) / "data", settings=SETTINGS)
        try:
            server.start()
            bench = Bench(server, rows, rate)
            idle = bench.idle()
            runs = {"floor": bench.floor(floor_seconds), "naive": bench.naive(naive_limit), "ours": bench.ours()}
            bench.admin.close()
        finally:
            server.destroy()
    if as_json:
        report = {name: asdict(run) for name, run in runs.items()}
        held = bars(runs["floor"], runs["ours"], idle)
        click.echo(json.dumps({"rows": rows, "rate": rate, **report, "idle_seconds": asdict(idle), "bars": held}))
    else:
        show(rows, rate, runs, idle)


if __name__ == "__main__":
    main()
