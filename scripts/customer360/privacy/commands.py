"""What `c360 export` and `c360 erase` do, from the database to the page."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from customer360.config import Database
from customer360.privacy.erase import Finding, erase, planned
from customer360.privacy.errors import PrivacyError
from customer360.privacy.export import export


def run_export(console: Console, database: Database, reference: str, tenant: str | None, out: Path | None) -> None:
    """Print all that is held as JSON, or write it to a file that its owner alone can read."""
    with database.connect(autocommit=True) as connection:
        held = export(database, connection, reference, tenant)
    text = json.dumps(held, ensure_ascii=False, indent=2, default=str)
    if out is None:
        click.echo(text)
        return
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise PrivacyError(f"{out} is there already.", hint="name another file, or remove that one.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    rows = sum(map(len, held["tables"].values()))
    console.print(f"{rows:,} rows of {len(held['tables'])} tables are in {out}.", markup=False, soft_wrap=True)


def run_erase(
    console: Console,
    database: Database,
    reference: str,
    tenant: str | None,
    *,
    confirm: bool,
    keep_legacy: bool,
    as_json: bool,
) -> None:
    """Show what an erasure would do; with `confirm`, do it and print the certificate."""
    with database.connect(autocommit=True) as connection:
        if not confirm:
            found, rows = planned(database, connection, reference, tenant, keep_legacy=keep_legacy)
            if as_json:
                click.echo(json.dumps({"customer_id": str(found.subject.customer_id), "would_remove": rows}))
            else:
                _print_plan(console, reference, found, rows)
            return
        certificate = erase(
            database, connection, reference, tenant, keep_legacy=keep_legacy, console=None if as_json else console
        )
    if as_json:
        click.echo(json.dumps(certificate))
    else:
        _print_certificate(console, certificate)


def _print_plan(console: Console, reference: str, found: Finding, rows: list[dict[str, Any]]) -> None:
    subject = found.subject
    console.print(_table("What would be taken out", rows))
    console.print(f"Customer {subject.customer_id}, tenant {subject.tenant_id}: {len(subject.records):,} records.")
    if subject.unread:
        console.print(f"{len(subject.unread):,} legacy rows of the customer wait for a build; they go as well.")
    if found.doubts:
        console.print(
            f"Careful: the names of {found.doubts:,} pairs of these records contradict one another. Look at them: "
            f"c360 export {reference}. Two people? First part them: c360 separate A B --because …, then c360 build.",
            markup=False,
            soft_wrap=True,
        )
    for line in found.left:
        console.print(f"Not reached: {line}", markup=False, soft_wrap=True)
    console.print(
        f"Nothing was erased, and once it is there is no way back. Do it: c360 erase {reference} --confirm",
        markup=False,
        soft_wrap=True,
    )


def _print_certificate(console: Console, certificate: dict[str, Any]) -> None:
    console.print(_table("Certificate of erasure", certificate["removed"]))
    tombstones = certificate["tombstones"]
    lines = [
        f"Erasure {certificate['erasure_id']} of customer {certificate['customer_id']} in {certificate['database']}, "
        f"{certificate['erased_at']}, by {certificate['erased_by']}.",
        f"Tombstone: {tombstones['records']:,} keys of legacy rows and {tombstones['identifiers']:,} identifiers, "
        "as hashes. No build reads those rows again.",
        *(f"Left to do: {line}" for line in certificate["left_to_do"]),
        "What this command cannot reach, and what has to expire:",
        *(f"  {line}" for line in certificate["remains_until_it_expires"]),
        "Bring the other customers up to date: c360 build",
    ]
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)


def _table(title: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("table")
    table.add_column("rows", justify="right")
    table.add_column("")
    for row in rows:
        table.add_row(row["table"], f"{row['rows']:,}", row["what"])
    return table
