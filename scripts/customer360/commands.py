"""What `c360 build` and `c360 status` do, from the database to the page."""

from __future__ import annotations

import time
from contextlib import suppress

from rich.console import Console

from customer360.config import Database
from customer360.dbt import BuildOptions, build
from customer360.preflight import preflight
from customer360.summary import NothingBuiltError, collect
from customer360.summary_page import print_build, print_next_steps, print_place, print_summary, print_time


def run_build(console: Console, database: Database, options: BuildOptions) -> None:
    """Build, then show what there is now and what changed; a partial build may leave nothing to show yet."""
    with database.connect(autocommit=True) as connection:
        preflight(connection)
        print_place(console, database)
        started = time.monotonic()
        done = build(database, connection, options, console)
        built = time.monotonic()
        with suppress(NothingBuiltError):
            print_summary(console, collect(database, connection))
    print_build(console, done)
    print_time(console, [("dbt build", built - started), ("this summary", time.monotonic() - built)])
    print_next_steps(console, database)


def show_status(console: Console, database: Database) -> None:
    """Show what the last build left, and where each cutover stands."""
    from customer360.cutover.commands import show_cutovers

    with database.connect(autocommit=True) as connection:
        summary = collect(database, connection)
    print_place(console, database, summary.register.changed_at)
    print_summary(console, summary)
    show_cutovers(console, database)
    print_next_steps(console, database)
