"""The SQL of every plan, as `c360 plan --sql` prints it, is clean under squawk or carries a reason here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from customer360.server import Server

SYSTEMS = ("marketplace", "booking", "field_service", "commerce", "crm")
CONTRACT = "contract drops on purpose: only with --confirm, after the grace period, when the audit found no reader"
# (rule, what the line must match, why the rule does not hold there)
EXCEPTIONS = (
    (
        "prefer-robust-stmts",
        r"^create (unique )?index concurrently",
        "IF NOT EXISTS takes an invalid index that a crash left for good; the step looks first, and repairs it",
    ),
    (
        "prefer-robust-stmts",
        r" validate constraint ",
        "repeating it changes nothing, and a transaction would prolong its lock",
    ),
    ("ban-drop-view", r"^drop view \"c360_staging\"\.", f"the next build makes it anew; {CONTRACT}"),
    ("ban-drop-column", r"^alter table .* drop column ", CONTRACT),
    ("ban-drop-function", r"^drop function ", CONTRACT),
    ("renaming-column", r"^alter table .* rename column ", CONTRACT),
    ("renaming-table", r"^alter table .* rename to ", f"{CONTRACT}; a view stays in its place"),
    ("ban-set-schema", r"^alter table .* set schema \"?archive\"?", f"{CONTRACT}; a view stays in its place"),
    (
        "ban-drop-constraint",
        r" drop constraint if exists \"users_user_type_check\"",
        "it comes back wider in the same transaction",
    ),
)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_plan_is_clean(
    system: str, postgres: Server, built: str, tmp_path: Path, c360: Callable[..., Result]
) -> None:
    printed = c360("plan", "--sql", "--system", system, DATABASE_URL=postgres.url(built))
    assert printed.exit_code == 0, printed.output
    script = printed.output
    assert "create index concurrently" in script
    assert "drop column" in script or system == "marketplace", "contract is part of the plan"
    unexcused = [finding for finding in _findings(script, tmp_path) if _reason(*finding) is None]
    assert unexcused == []


def test_every_exception_is_needed(postgres: Server, built: str, tmp_path: Path, c360: Callable[..., Result]) -> None:
    url = postgres.url(built)
    scripts = [c360("plan", "--sql", "--system", system, DATABASE_URL=url).output for system in SYSTEMS]
    used = {_reason(*finding) for script in scripts for finding in _findings(script, tmp_path)}
    assert {reason for _, _, reason in EXCEPTIONS} <= used


def test_squawk_finds_what_the_plans_themselves_did(tmp_path: Path) -> None:
    """A linter that finds nothing in anything would prove nothing."""
    script = "alter table orders alter column profile_id set not null;\ncreate index on carts (profile_id);"
    rules = {rule for rule, _ in _findings(script, tmp_path)}
    assert rules >= {"adding-not-nullable-field", "require-concurrent-index-creation", "require-lock-timeout"}


def _findings(script: str, folder: Path) -> Iterator[tuple[str, str]]:
    """(rule, line) of everything that squawk says."""
    # psql's variables become what psql would make of them.
    script = re.sub(r":'\w+'", "null", re.sub(r"(?<!:):size\b", "1000", script))
    file = folder / "plan.sql"
    file.write_text(script)
    squawk = Path(sys.executable).with_name("squawk")
    done = subprocess.run(
        [squawk, "--pg-version", "18.0", "--reporter", "json", file], capture_output=True, text=True, check=False
    )
    lines = script.splitlines()
    said: list[dict[str, Any]] = json.loads(done.stdout)
    assert said or done.returncode == 0, done.stderr
    for finding in said:
        yield finding["rule_name"], lines[finding["line"]]


def _reason(rule: str, line: str) -> str | None:
    return next((reason for name, pattern, reason in EXCEPTIONS if name == rule and re.search(pattern, line)), None)
