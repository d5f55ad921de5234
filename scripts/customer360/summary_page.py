"""How a summary looks: one page of 80 columns that reads as well without colour."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape

from customer360.config import Database
from customer360.dbt import Build, Changes
from customer360.server import embedded_binaries
from customer360.summary import Pairwise, Summary

_BAR_WIDTH = 24
_SHOWN_WARNINGS = 10
_RULE_NAMES = {"reference": "legacy key", "tax_id": "tax number", "registration_number": "registration no."}


def print_place(console: Console, database: Database, changed_at: datetime | None = None) -> None:
    """Which database this is about, and when its customers last changed."""
    console.print(f"{database.origin}: {escape(database.url)}", soft_wrap=True)
    if changed_at is not None:
        console.print(f"customers last changed {changed_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")


def print_summary(console: Console, summary: Summary) -> None:
    """Records, customers, what joined them, what was left out."""
    _print_records(console, summary)
    _print_customers(console, summary)
    _print_left_out(console, summary)


def print_build(console: Console, build: Build) -> None:
    """What a build did: what it changed, what it warned of."""
    _heading(console, "Build")
    if not build.nodes:
        console.print("  Nothing was selected, so nothing was built.")
    else:
        steps = len(build.nodes) - build.tests
        console.print(f"  {steps} steps and {build.tests} tests passed in {build.seconds:,.1f} s")
    changed = {table: changes for table, changes in build.changes.items() if changes != Changes(0, 0, 0)}
    if build.changes and not changed:
        console.print("  Nothing had changed: no row was inserted, updated or deleted.")
    for table, (inserted, updated, deleted) in changed.items():
        console.print(f"  {table:<26}{inserted:>11,} new{updated:>11,} changed{deleted:>10,} gone")
    for warning in build.warnings[:_SHOWN_WARNINGS]:
        text = textwrap.fill(f"Warning: {warning}", console.width - 4, subsequent_indent="    ")
        console.print(f"  [yellow]{escape(text)}[/]")
    if len(build.warnings) > _SHOWN_WARNINGS:
        console.print(f"  … and {len(build.warnings) - _SHOWN_WARNINGS} more warnings")


def print_truth(console: Console, pairs: Pairwise) -> None:
    """The made-up data's own check: which pairs of records were rightly joined."""
    _heading(console, "Checked against the truth, in pairs of records")
    _figures(
        console,
        [
            ("precision", f"{pairs.precision:.4f}", f"{pairs.false_positive:,} pairs wrongly joined"),
            ("recall", f"{pairs.recall:.4f}", f"{pairs.false_negative:,} pairs of one person not joined"),
            ("F1", f"{pairs.f1:.4f}", "of both"),
            (
                "households",
                f"{pairs.household_pairs:,}",
                "pairs of a household that shares a phone",
            ),
            *(
                (system, f"{recall:.4f}", "recall of the pairs with a record of it")
                for system, recall in sorted(pairs.recall_by_system.items())
                if recall is not None
            ),
        ],
    )


def print_time(console: Console, steps: Sequence[tuple[str, float]]) -> None:
    """How long each step took."""
    _heading(console, "Time")
    total = ("together", sum(seconds for _, seconds in steps))
    _figures(console, [(name, f"{seconds:,.1f} s", "") for name, seconds in (*steps, total)])


def print_next_steps(console: Console, database: Database) -> None:
    """Where to look next."""
    _heading(console, "Where to look next")
    psql = (shutil.which("psql") and "psql") or str(embedded_binaries() / "psql")
    console.print(f"  {escape(psql)} '{escape(database.url)}'", soft_wrap=True)
    schema, inner = database.schemas["canonical"], database.schemas["intermediate"]
    for name, words in (
        (f"{schema}.customers", "one row per customer, its golden record"),
        (f"{schema}.customer_360", "the same, with what it did per system"),
        (f"{schema}.quarantined_values", "what to mend in the legacy systems"),
        (f"{schema}.unidentified_records", "records that wait for a name or a contact"),
        (f"{inner}.int_edges", "the evidence: why two records are one"),
        ("c360 report", "all this and more, for the browser"),
        ("c360 status", "this page again"),
        ("c360 build", "read what changed in the legacy tables"),
        ("README.md", "your own database, systems that you lack"),
    ):
        console.print(f"  {escape(name):<30} {words}")


def _print_records(console: Console, summary: Summary) -> None:
    _heading(console, "Records per system")
    totals = {system.system: system.live + system.quarantined for system in summary.systems}
    _bars(console, [*totals.items()])
    deleted = sum(system.deleted for system in summary.systems)
    together = [("together", f"{sum(totals.values()):,}", "")]
    _figures(console, together + [("deleted", f"{deleted:,}", "since they were first seen")] * (deleted > 0))


def _print_customers(console: Console, summary: Summary) -> None:
    register = summary.register
    per_customer = register.records / register.customers if register.customers else 0
    tenants = "1 tenant" if register.tenants == 1 else f"{register.tenants} tenants"
    _heading(console, "Customers")
    console.print(
        f"  [bold]{register.customers:,} customers[/] in {tenants} from {register.records:,} records, "
        f"{per_customer:.1f} each;\n"
        f"  {register.joined:,} of them joined from several records, the largest from {register.largest:,}"
    )
    _bars(
        console,
        [(f"in {row.systems} system{'s' * (row.systems > 1)}", row.customers) for row in summary.spread],
    )
    _heading(console, "Records joined by")
    _bars(console, [(rule_name(row.rule), row.ties) for row in summary.rules])


def _print_left_out(console: Console, summary: Summary) -> None:
    register = summary.register
    quarantined = sum(system.quarantined for system in summary.systems)
    waiting = sum(system.unidentified for system in summary.systems)
    rows = [("quarantined", f"{quarantined:,}", "records that cannot be read as they are")]
    rows += [("", f"{row.records:,}", f"{row.reason} ({row.example})") for row in summary.problems]
    rows += [("not identified", f"{waiting:,}", "records without name and contact: they wait")]
    rows += [
        (row.verdict, f"{row.identifiers:,}", f"identifiers on {row.records:,} records: they link nobody")
        for row in summary.ignored
    ]
    rows += [("", f"{row.records:,}", f"{row.kind} {row.masked}: {row.reason}") for row in summary.worst]
    if register.merged or register.retired:
        rows.append(("merged", f"{register.merged:,}", f"former ids, {register.redirects:,} with a redirect"))
        rows.append(("retired", f"{register.retired:,}", "customers whose records are all gone"))
    _heading(console, "Left out, with the reason")
    _figures(console, rows)


def rule_name(rule: str) -> str:
    """A rule, or a kind of identifier, in words."""
    return _RULE_NAMES.get(rule, rule.replace("_", " "))


def _heading(console: Console, text: str) -> None:
    console.print(f"\n[bold cyan]{text}[/]")


def _figures(console: Console, rows: Iterable[tuple[str, str, str]]) -> None:
    """Name, figure and what it counts, the words wrapped in their own column."""
    for name, figure, words in rows:
        text = ("\n" + " " * 31).join(textwrap.wrap(words, max(console.width - 32, 20)))
        console.print(escape(f"  {name:<16}{figure:>11}  {text}".rstrip()))


def _bars(console: Console, rows: Sequence[tuple[str, int]]) -> None:
    """Name, figure and a bar; what is there at all has a bar of at least one block."""
    block = "█" if "utf" in console.encoding.lower() else "#"
    most = max((value for _, value in rows), default=0)
    for name, value in rows:
        width = max(1, round(_BAR_WIDTH * value / most)) if value else 0
        console.print(f"  {escape(name):<16}{value:>11,}  [cyan]{block * width}[/]")
