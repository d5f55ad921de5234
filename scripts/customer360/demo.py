"""The demo: five made-up legacy systems, the build, and the check against the truth."""

from __future__ import annotations

import json
import time

from rich.console import Console
from rich.progress import Progress, TaskID

from customer360 import legacy
from customer360.config import Database
from customer360.dbt import BuildOptions, build
from customer360.dbt_progress import progress_bar
from customer360.preflight import preflight
from customer360.summary import collect, pairwise
from customer360.summary_page import (
    print_build,
    print_next_steps,
    print_place,
    print_summary,
    print_time,
    print_truth,
)


def run_demo(console: Console, database: Database, *, people: int, seed: int, score_pairs: bool) -> None:
    """Fill the legacy schemas with `people` made-up people, build the customers and show what came out."""
    options = BuildOptions(variables=json.dumps({"score_pairs": True}) if score_pairs else None)
    with database.connect(autocommit=True) as connection:
        preflight(connection)
        print_place(console, database)
        started = time.monotonic()
        console.print(f"Making up {people:,} people and organisations in five legacy systems …")
        made = _generate(console, database, people, seed)
        generated = time.monotonic()
        console.print(f"Building customers from their {made.records:,} rows …")
        done = build(database, connection, options, console)
        built = time.monotonic()
        summary, pairs = collect(database, connection), pairwise(connection, database.schema)
        print_summary(console, summary)
        print_truth(console, pairs)
        print_build(console, done)
    steps = [
        ("legacy systems", generated - started),
        ("dbt build", built - generated),
        ("this summary", time.monotonic() - built),
    ]
    print_time(console, steps)
    print_next_steps(console, database)


def _generate(console: Console, database: Database, people: int, seed: int) -> legacy.Generated:
    with progress_bar(console) as progress:
        return legacy.generate(database.conninfo, people=people, seed=seed, progress=_TableProgress(progress))


class _TableProgress:
    """Moves one bar from table to table, as the generator tells of them."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._table = ""
        self._task: TaskID | None = None

    def __call__(self, table: str, done: int, total: int) -> None:
        if table != self._table:
            if self._task is not None:
                self._progress.remove_task(self._task)
            # Of truth.people the generator tells first: it counts people while their rows are thought up.
            what = f"copying {table}" if self._table else "making people up"
            self._task, self._table = self._progress.add_task(what, total=total), table
        assert self._task is not None
        self._progress.update(self._task, completed=done, total=total)
