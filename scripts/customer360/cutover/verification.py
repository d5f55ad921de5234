"""The legacy plans' own verification queries: kept in `scripts/cutovers/verification/`, run by `c360 verify`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import yaml
from psycopg import sql
from psycopg.rows import dict_row

from customer360.errors import C360Error
from customer360.project import project_dir

PHASES = ("expand", "build", "backfill", "constrain", "switch", "contract")
SHOWN_ROWS = 20


class VerificationError(C360Error):
    """A verification query could not be read or run."""


@dataclass(frozen=True)
class Check:
    """One verification query of a legacy plan, with its names mapped to ours."""

    name: str
    system: str
    document: str
    """Number of the legacy plan that prints it."""
    since: str
    """Phase from which on it holds."""
    means: str
    """What a failure means, and what to do."""
    figures: str
    """What the plan has the reader count. {placeholders} are names."""
    offending: str
    """The rows that make it fail: their keys, no contact of anybody."""
    until: str | None = None
    """Last phase in which it can be asked, where a later one takes its tables away."""


@dataclass(frozen=True)
class Outcome:
    """What one check found."""

    check: Check
    figures: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    """Offending rows, the first few."""
    offending: int
    """Offending rows, all."""

    @property
    def passed(self) -> bool:
        """Whether no row offends."""
        return self.offending == 0


@cache
def load_checks(system: str) -> tuple[Check, ...]:
    """The checks of one system, as its file lists them."""
    path = project_dir() / "scripts" / "cutovers" / "verification" / f"{system}.yml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise VerificationError(f"{path} cannot be read: {error}", hint="put the file back as it was.") from None
    entries = content.get("checks") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not entries:
        raise VerificationError(f"{path} has no list `checks`.", hint="look at another system's file.")
    checks = tuple(_check(path, system, number, entry) for number, entry in enumerate(entries, start=1))
    for number, check in enumerate(checks):
        if check.name in {earlier.name for earlier in checks[:number]}:
            raise VerificationError(f"{path} has two checks named {check.name}.", hint="rename one of them.")
    return checks


def due(checks: Iterable[Check], done: Iterable[str]) -> tuple[Check, ...]:
    """The checks that can be asked once the phases `done` are complete."""
    latest = max((PHASES.index(phase) for phase in done), default=-1)
    return tuple(
        check for check in checks if PHASES.index(check.since) <= latest <= PHASES.index(check.until or PHASES[-1])
    )


def run_check(connection: psycopg.Connection[Any], check: Check, names: Mapping[str, sql.Composable]) -> Outcome:
    """Ask one check; `names` says what stands for each {placeholder}."""
    figures, offending = (_filled(check, text, names) for text in (check.figures, check.offending))
    listed = sql.SQL("select count(*) over () as offending_rows, rows.* from ({}) as rows limit {}")
    try:
        with connection.cursor(row_factory=dict_row) as cursor:
            counted = cursor.execute(figures).fetchall()
            rows = cursor.execute(listed.format(offending, sql.Literal(SHOWN_ROWS))).fetchall()
    except psycopg.errors.DatabaseError as error:
        raise VerificationError(
            f"the check {check.name} of {check.system} (plan {check.document}) cannot be asked: {error}",
            hint=f"it can be asked after {check.since}; `c360 status` says how far the system is.",
        ) from error
    total = rows[0]["offending_rows"] if rows else 0
    kept = [{name: value for name, value in row.items() if name != "offending_rows"} for row in rows]
    return Outcome(check, counted, kept, total)


def _filled(check: Check, text: str, names: Mapping[str, sql.Composable]) -> sql.Composed:
    try:
        # The files are part of this project and hold no user's input.
        return sql.SQL(text.rstrip()).format(**names)
    except (KeyError, IndexError, ValueError) as error:
        raise VerificationError(
            f"the check {check.name} of {check.system} has a placeholder that is not known: {error}",
            hint=f"known are {', '.join(sorted(names))}; a brace of its own is written twice.",
        ) from None


def _check(path: Path, system: str, number: int, entry: Any) -> Check:
    """One entry, with a clear word about whatever is wrong in it."""
    place = f"{path}, check {number}"
    if not isinstance(entry, dict):
        raise VerificationError(f"{place} is not a mapping.", hint="look at another check.")
    known = {each.name for each in fields(Check)} - {"system"}
    for key in entry.keys() - known:
        raise VerificationError(f"{place} has the unknown key {key!r}.", hint=f"known are {', '.join(sorted(known))}.")
    for key in known - {"until"}:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise VerificationError(f"{place} has no text for {key!r}.", hint="every check needs it.")
    for key in ("since", "until"):
        if entry.get(key, PHASES[0]) not in PHASES:
            raise VerificationError(
                f"{place}: {key} is {entry[key]!r}, which is no phase.", hint=f"phases are {', '.join(PHASES)}."
            )
    return Check(system=system, **{**entry, "means": " ".join(entry["means"].split())})
