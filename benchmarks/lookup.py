"""What a lookup costs an application: customers by id, phone and name, and live intake, for 16 clients at once.

The customers are made up straight in the tables that builds fill. pgbench calls over a local socket, at a steady rate;
a latency counts from the moment at which a call was due. `floor` is a bare SELECT by primary key, in the same run.
Half of the intake calls are for a phone that is known, half for one of a few thousand new ones, which several clients
ask for at once; `duplicates` counts the phones that then have more than one customer.

A pool keeps its connections, so `p50_ms` and `p99_ms` leave out the first 5 calls of each, which read the catalogue and
the phone plan's constants and make the session's plans. `first_call_ms` is the median of the very first calls, made by
all clients at once; `p99_with_first_calls_ms` leaves nothing out.

    python benchmarks/lookup.py                             # 1,000,000 customers
    python benchmarks/lookup.py --customers 100000 --json   # one JSON object
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import psycopg
from rich.console import Console
from rich.table import Table

from customer360 import legacy
from customer360.config import find_database
from customer360.dbt import BuildOptions, build
from customer360.server import Server, embedded_binaries

CLIENTS = 16
# All of it in memory, as on a server that has been up for a while; and what is answered is on disk.
SETTINGS = {"shared_buffers": "4GB", "synchronous_commit": "on"}
FIRST_CALLS = 5
NEW_PHONES = 5000
FIRST_NAMES, LAST_NAMES = 1500, 12000
SYLLABLES = tuple("ravikamisulopenajotibeganolidamesiruantekovasimu"[n : n + 2] for n in range(0, 48, 2))
SCRIPTS = {
    "floor": """
        \\set i random(1, :customers)
        select * from c360.customers where customer_id = md5('customer ' || :i)::uuid;
    """,
    "get": """
        \\set i random(1, :customers)
        select * from api.get_customer(md5('customer ' || :i)::uuid);
    """,
    "phone": """
        \\set i random(1, :customers)
        select * from api.find_by_phone('098' || lpad(:i::text, 8, '0'));
    """,
    "name": """
        \\set i random(1, :queries)
        select customer_id, name from api.search_customers((select name from bench.queries where number = :i));
    """,
    "find_or_create": """
        \\set known random(0, 1)
        \\set i random(1, :customers)
        \\set n random(1, :new_phones)
        select * from api.find_or_create_customer(
            phone => case :known::integer when 1 then '+9198' || lpad(:i::text, 8, '0')
                else '+9170' || lpad(:n::text, 8, '0') end
        );
    """,
}


@dataclass(frozen=True)
class Result:
    """Milliseconds by operation; `duplicates` must be 0."""

    customers: int
    clients: int
    calls_per_second: int
    p50_ms: dict[str, float]
    p99_ms: dict[str, float]
    p99_with_first_calls_ms: dict[str, float]
    first_call_ms: dict[str, float]
    calls: dict[str, int]
    duplicates: int


@contextmanager
def filled(customers: int) -> Iterator[str]:
    """A server of its own with so many customers; its URL."""
    with tempfile.TemporaryDirectory(prefix="c360-benchmark-", dir="/var/tmp") as folder:
        server = Server(Path(folder) / "data", settings=SETTINGS)
        os.environ["DBT_TARGET_PATH"] = str(Path(folder) / "target")
        try:
            url = server.start()
            legacy.generate(url, people=20)
            database = find_database(url)
            with database.connect(autocommit=True) as connection:
                build(database, connection, BuildOptions())
            fill(url, customers)
            yield url
        finally:
            server.destroy()


def fill(url: str, customers: int) -> None:
    """Make up the customers, set by set."""
    dice = random.Random(360)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create schema bench")
        connection.execute("create table bench.words (kind text, place integer, word text)")
        with connection.cursor() as cursor, cursor.copy("copy bench.words from stdin") as copy:
            for kind, how_many in (("first", FIRST_NAMES), ("last", LAST_NAMES)):
                for place in range(how_many):
                    copy.write_row((kind, place, "".join(dice.choices(SYLLABLES, k=dice.choice((2, 3, 3, 4))))))
        sizes = {"customers": customers, "first_names": FIRST_NAMES, "last_names": LAST_NAMES}
        for statement in (Path(__file__).parent / "lookup_fill.sql").read_text().split(";\n"):
            query = statement.strip()
            if query:
                for name, value in sizes.items():
                    query = query.replace(f":{name}", str(value))
                connection.execute(query.encode())
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")
        connection.execute("create extension pg_prewarm")
        connection.execute("select sum(pg_prewarm(oid)) from pg_class where relkind in ('r', 'i', 't', 'm')")


def measure(url: str, customers: int, *, rate: int, seconds: int) -> Result:
    """Every operation in turn, after a short run that fills the caches."""
    calls, p50, p99, p99_of_all, first = {}, {}, {}, {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for name, script in SCRIPTS.items():
            path = Path(folder) / f"{name}.sql"
            path.write_text("\n".join(line.strip() for line in script.strip().splitlines()).replace("(\n", "("))
            run(url, path, customers, rate=rate, seconds=max(2, seconds // 5), log=None)
            sessions = run(url, path, customers, rate=rate, seconds=seconds, log=Path(folder) / name)
            later = [latency for session in sessions for latency in session[FIRST_CALLS:]]
            calls[name] = len(later)
            p50[name] = percentile(50, later)
            p99[name] = percentile(99, later)
            p99_of_all[name] = percentile(99, [latency for session in sessions for latency in session])
            first[name] = percentile(50, [session[0] for session in sessions])
    with psycopg.connect(url) as connection:
        row = connection.execute(
            """
            select count(*) from (
                select from c360_ops.intake_pending
                where kind = 'phone' group by tenant_id, value having count(distinct customer_id) > 1
            ) as phones
            """
        ).fetchone()
    assert row is not None
    return Result(customers, CLIENTS, rate, p50, p99, p99_of_all, first, calls, row[0])


def percentile(percent: int, microseconds: list[int]) -> float:
    """In milliseconds."""
    return round(sorted(microseconds)[len(microseconds) * percent // 100] / 1000, 3)


def run(url: str, script: Path, customers: int, *, rate: int, seconds: int, log: Path | None) -> list[list[int]]:
    """One pgbench run; if a log is asked for, the microseconds of each connection's calls, in their order."""
    command = [
        *(str(embedded_binaries() / "pgbench"), "--no-vacuum", "--protocol=prepared"),
        *(f"--client={CLIENTS}", "--jobs=2", f"--time={seconds}", f"--rate={rate}", f"--file={script}"),
        *(f"--define=customers={customers}", "--define=queries=2000", f"--define=new_phones={NEW_PHONES}"),
        *(["--log", f"--log-prefix={log}"] if log else []),
        url,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 or "ERROR" in done.stderr:
        raise click.ClickException(f"pgbench failed on {script.stem}: {done.stderr.strip()}")
    sessions: dict[str, list[int]] = {}
    for file in log.parent.glob(f"{log.name}.*") if log else ():
        if file.suffix != ".sql":
            for line in file.read_text().splitlines():
                client, _, latency, *_ = line.split()
                sessions.setdefault(client, []).append(int(latency))
    return list(sessions.values())


@click.command(epilog="Example: python benchmarks/lookup.py --customers 100000 --json")
@click.option("--customers", default=1_000_000, show_default=True, help="How many to make up.")
@click.option("--rate", default=200, show_default=True, help="Calls per second, all clients together.")
@click.option("--seconds", default=30, show_default=True, help="How long each operation is measured.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def main(customers: int, rate: int, seconds: int, as_json: bool) -> None:
    """Measure lookups and live intake."""
    with filled(customers) as url:
        result = measure(url, customers, rate=rate, seconds=seconds)
    if as_json:
        click.echo(json.dumps(asdict(result)))
        return
    table = Table(title=f"{result.customers:,} customers, {CLIENTS} clients, {rate} calls/s", title_justify="left")
    columns = {
        "p50 ms": result.p50_ms,
        "p99 ms": result.p99_ms,
        "p99 with first calls": result.p99_with_first_calls_ms,
        "first call": result.first_call_ms,
    }
    for heading in ("", *columns, "calls"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name in SCRIPTS:
        table.add_row(name, *(f"{of[name]:.2f}" for of in columns.values()), f"{result.calls[name]:,}")
    Console().print(table)
    click.echo(f"Phones with more than one customer: {result.duplicates}")


if __name__ == "__main__":
    main()
