"""What `c360 build` and `c360 status` do, from the database to the page."""

from __future__ import annotations

import json
import time
from contextlib import suppress

from rich.console import Console

from customer360.config import Database
from customer360.dbt import BuildOptions, build
from customer360.overrides import Decision, decide, overrides, remove
from customer360.preflight import preflight
from customer360.preview import preview, print_changes
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


def run_preview(console: Console, database: Database, options: BuildOptions, *, as_json: bool) -> None:
    """Show what a build would change."""
    with database.connect(autocommit=True) as connection:
        preflight(connection)
        changes = preview(database, connection, options, None if as_json else console)
    if as_json:
        print(json.dumps([change.as_json() for change in changes], ensure_ascii=False))
    else:
        print_changes(console, changes)


def run_decision(
    console: Console, database: Database, decision: Decision, a: str, b: str, reason: str, tenant: str | None
) -> None:
    """Note that two records are one customer, or are not."""
    with database.connect() as connection:
        override_id, record_a, record_b = decide(database, connection, decision, a, b, reason, tenant)
    are = "are one customer" if decision == "link" else "are not one customer"
    console.print(
        f"Decision {override_id}: {record_a} ({record_a.name}) and {record_b} ({record_b.name}) {are}.",
        markup=False,
        soft_wrap=True,
    )
    console.print("See what it would change: c360 preview   Do it: c360 build")


def show_overrides(console: Console, database: Database, *, remove_id: int | None) -> None:
    """List the decisions of people, or take one back."""
    with database.connect() as connection:
        if remove_id is not None:
            remove(database, connection, remove_id)
            console.print(f"Decision {remove_id} is taken back. The next build forgets it: c360 build")
            return
        found = overrides(database, connection)
    if not found:
        console.print("No decisions yet. Make one: c360 link A B --because …, c360 separate A B --because …")
        return
    for item in found:
        for line in (
            f"{item.override_id}  {item.decision}, {item.state} ({item.decided_by}, {item.decided_at:%Y-%m-%d %H:%M})",
            f"   {item.record_a}",
            f"   {item.record_b}",
            f"   because: {item.reason}",
        ):
            console.print(line, markup=False, soft_wrap=True)
