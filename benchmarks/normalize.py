"""How fast and how right phone numbers are normalised, beside libphonenumber and a floor, in one run; and how fast
e-mail addresses and names are, beside the same floor.

The floor is `regexp_replace(x, '\\D', '', 'g')`, which normalises nothing. The peer is the phonenumbers package in
Python (parse, validate, format; with its pattern cache on, which makes it four times as fast). All three read the
same texts on one core; seconds are seconds of CPU, of the server's process and of Python's, which other work on the
machine disturbs less than the clock. Agreement is measured on numbers of all regions, each written in every style.

`first_call_milliseconds` is what a session pays once: its first call of normalize_phone, less a later one.

    python benchmarks/normalize.py          # 1,000,000 texts
    python benchmarks/normalize.py --json   # one JSON object
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import click
import psycopg
import yaml
from phonenumbers.re_util import enable_pattern_cache
from rich.console import Console
from rich.table import Table

from customer360.config import find_database
from customer360.dbt import BuildOptions, build
from customer360.server import Server
from phone_samples import mixed, samples
from phone_styles import BEYOND, libphonenumber
from text_samples import emails, names, organizations

SEED = 360
ROUNDS = 3
# One in so many texts does for e-mail addresses and names.
FEWER = 10
NUMBERS_PER_REGION = 30
FUNCTIONS = Path(__file__).resolve().parents[1] / "functions"
GROUPS = ("_phones", "_emails", "_names", "_text")
OURS = "select count(c360_functions.normalize_phone(raw, region)) from texts"
FLOOR = "select count(regexp_replace(raw, '\\D', '', 'g')) from texts"
# Of e-mail addresses and names: what is called, on which texts.
OTHERS = {
    "normalize_email": (emails, "normalize_email(raw)"),
    "email_match_key": (emails, "email_match_key(raw)"),
    "clean_name": (names, "clean_name(raw)"),
    "person_name": (names, "person_name(raw)"),
    "person_key": (names, "person_key(raw)"),
    "phonetic_key": (names, "phonetic_key(raw)"),
    "name_tokens_agree": (names, "name_tokens_agree(raw, 'Maria José García')"),
    "org_key": (organizations, "org_key(raw)"),
}


@dataclass(frozen=True)
class Result:
    """What the run gave; agreement and found are percentages by style of writing."""

    rows: int
    rows_per_second: int
    floor_rows_per_second: int
    phonenumbers_rows_per_second: int
    ratio_to_floor: float
    ratio_to_phonenumbers: float
    cases: int
    agreement: dict[str, float]
    found_beyond: dict[str, float]
    found_beyond_by_phonenumbers: dict[str, float]
    first_call_milliseconds: float
    others_rows_per_second: dict[str, int]
    others_ratio_to_floor: dict[str, float]


def measure(url: str, rows: int) -> Result:
    """Build the functions in the empty database at `url`, time the three, compare on all regions."""
    enable_pattern_cache()
    database = find_database(url)
    described = [yaml.safe_load((FUNCTIONS / f"{group}.yml").read_text("utf-8")) for group in GROUPS]
    functions = [function["name"] for group in described for function in group["functions"]]
    with database.connect(autocommit=True) as connection, tempfile.TemporaryDirectory() as target:
        os.environ["DBT_TARGET_PATH"] = target
        build(database, connection, BuildOptions(select=tuple(functions)))
        connection.execute("set jit = off; set max_parallel_workers_per_gather = 0")
        texts = list(mixed(SEED, rows))
        _load(connection, "texts (raw text, region text)", texts)
        timed = [(_seconds(connection, FLOOR), _seconds(connection, OURS)) for _ in range(ROUNDS)]
        floor, ours = (min(times) for times in zip(*timed, strict=True))
        started = time.process_time()
        for raw, region in texts:
            libphonenumber(raw, region)
        theirs = time.process_time() - started
        written = [(s.style, s.raw, s.region, s.meant) for s in samples(SEED, NUMBERS_PER_REGION)]
        answers = [(*sample, libphonenumber(sample[1], sample[2])) for sample in written]
        _load(connection, "samples (style text, raw text, region text, meant text, theirs text)", answers)
        others = {
            name: _beside_the_floor(connection, called, list(made(SEED, rows // FEWER)))
            for name, (made, called) in OTHERS.items()
        }
        return Result(
            rows=rows,
            rows_per_second=round(rows / ours),
            floor_rows_per_second=round(rows / floor),
            phonenumbers_rows_per_second=round(rows / theirs),
            ratio_to_floor=round(ours / floor, 2),
            ratio_to_phonenumbers=round(theirs / ours, 2),
            cases=len(answers),
            agreement=_shares(connection, "ours is not distinct from theirs", beyond=False),
            found_beyond=_shares(connection, "ours = meant", beyond=True),
            found_beyond_by_phonenumbers=_shares(connection, "theirs = meant", beyond=True),
            first_call_milliseconds=_first_call(url),
            others_rows_per_second={name: round(rows / FEWER / seconds) for name, (seconds, _) in others.items()},
            others_ratio_to_floor={name: round(seconds / floor, 2) for name, (seconds, floor) in others.items()},
        )


def _beside_the_floor(connection: psycopg.Connection, called: str, texts: list[str]) -> tuple[float, float]:
    """The seconds that a function takes, and those of the floor, on these texts."""
    connection.execute("drop table texts")
    _load(connection, "texts (raw text)", [(text,) for text in texts])
    query = f"select count(c360_functions.{called}) from texts"
    timed = [(_seconds(connection, query), _seconds(connection, FLOOR)) for _ in range(ROUNDS)]
    ours, floor = (min(times) for times in zip(*timed, strict=True))
    return ours, floor


def _first_call(url: str) -> float:
    """Milliseconds that the first call costs a session, beyond those of a later one; the median of several sessions."""
    extra = []
    for _ in range(5):
        with psycopg.connect(url, autocommit=True) as session:
            first, *later = (
                _milliseconds(session, "select c360_functions.normalize_phone('098765 43210', 'IN')") for _ in range(5)
            )
            extra.append(first - min(later))
    return round(median(extra), 1)


def _load(connection: psycopg.Connection, table: str, rows: Iterable[tuple[str | None, ...]]) -> None:
    connection.execute(f"create unlogged table {table}".encode())
    with connection.cursor() as cursor, cursor.copy(f"copy {table.partition(' ')[0]} from stdin".encode()) as copy:
        for row in rows:
            copy.write_row(row)
    connection.execute(f"analyze {table.partition(' ')[0]}".encode())


def _seconds(connection: psycopg.Connection, query: str) -> float:
    """Seconds of CPU that the server spends on a query."""
    started = _cpu_seconds(connection.info.backend_pid)
    connection.execute(query.encode())
    return _cpu_seconds(connection.info.backend_pid) - started


def _cpu_seconds(process: int) -> float:
    nanoseconds, *_ = Path(f"/proc/{process}/schedstat").read_text().split()
    return int(nanoseconds) / 1e9


def _milliseconds(connection: psycopg.Connection, query: str) -> float:
    started = time.monotonic()
    connection.execute(query.encode())
    return 1000 * (time.monotonic() - started)


def _shares(connection: psycopg.Connection, condition: str, *, beyond: bool) -> dict[str, float]:
    query = f"""
        select style, round(100.0 * count(*) filter (where {condition}) / count(*), 3)::float
        from (select *, c360_functions.normalize_phone(raw, region) as ours from samples) as answers
        where (style = any(%s)) = %s group by style order by style
    """
    return dict(connection.execute(query.encode(), [list(BEYOND), beyond]).fetchall())


def show(result: Result) -> None:
    """The tables for people."""
    speed = Table(title=f"{result.rows:,} mixed texts on one core", title_justify="left")
    speed.add_column("")
    speed.add_column("rows per second", justify="right")
    speed.add_row("normalize_phone", f"{result.rows_per_second:,}")
    speed.add_row(f"floor, {result.ratio_to_floor} times as fast", f"{result.floor_rows_per_second:,}")
    speed.add_row(
        f"phonenumbers, {result.ratio_to_phonenumbers} times as slow", f"{result.phonenumbers_rows_per_second:,}"
    )
    agreement = Table(title=f"Agreement with phonenumbers, {result.cases:,} cases", title_justify="left")
    found = Table(title="The number that was written is found", title_justify="left")
    for table, columns in ((agreement, ["%"]), (found, ["ours %", "phonenumbers %"])):
        table.add_column("written")
        for column in columns:
            table.add_column(column, justify="right")
    for style, share in result.agreement.items():
        agreement.add_row(style, f"{share:.3f}")
    for style, share in result.found_beyond.items():
        found.add_row(style, f"{share:.1f}", f"{result.found_beyond_by_phonenumbers[style]:.1f}")
    speed.add_row(f"(first call of a session: {result.first_call_milliseconds} ms)", "")
    for name, rate in result.others_rows_per_second.items():
        speed.add_row(f"{name}, {result.others_ratio_to_floor[name]} times the floor's time", f"{rate:,}")
    for table in (speed, agreement, found):
        Console().print(table)


@click.command(help=__doc__)
@click.option("--rows", type=click.IntRange(min=1000), default=1_000_000, show_default=True, help="Texts to normalise.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
def main(rows: int, as_json: bool) -> None:
    """Measure on a server of its own."""
    with tempfile.TemporaryDirectory(prefix="c360-benchmark-", dir="/var/tmp") as folder:
        server = Server(Path(folder) / "data")
        try:
            result = measure(server.start(), rows)
        finally:
            server.destroy()
    if as_json:
        click.echo(json.dumps(asdict(result)))
    else:
        show(result)


if __name__ == "__main__":
    main()
