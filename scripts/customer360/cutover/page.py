"""How a cutover looks in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from customer360.cutover import ledger
from customer360.cutover.audit import Finding
from customer360.cutover.backup import Backup
from customer360.cutover.engine import Engine, PlannedStep
from customer360.cutover.manifest import Manifest
from customer360.cutover.sql import numbered
from customer360.cutover.steps import PHASES, Step
from customer360.cutover.verification import Outcome

_MARKS = {"applied": "✓", "there already": "·", "taken back": "↶"}


def print_plan(console: Console, engine: Engine, planned: Sequence[PlannedStep]) -> None:
    """The steps of a system: phase, what, lock, estimate, state."""
    manifest = engine.manifest
    console.print(f"\n[bold]{manifest.system}[/] · legacy plan {manifest.plan} · {escape(manifest.summary)}")
    table = Table(box=None, padding=(0, 1), show_edge=False)
    for heading in ("phase", "step", "lock", "takes", "state"):
        table.add_column(heading)
    for each in planned:
        table.add_row(each.step.phase, escape(each.step.name), escape(each.step.lock), each.estimate, each.state)
    console.print(table)


def print_script(console: Console, engine: Engine, planned: Sequence[PlannedStep]) -> None:
    """The SQL of the steps that are to do, for a DBA to read or to run by hand."""
    work = engine.work
    say = console.out
    say(f"-- {work.manifest.system}: {work.manifest.summary}")
    say("-- Where a lock cannot be had in time, wait and repeat the block: never without the limit.")
    say(f"set lock_timeout = '{work.session.limits.lock_ms}ms';")
    say(f"set statement_timeout = '{work.session.limits.ddl:.0f}s';")
    for phase, steps in groupby(
        (each.step for each in planned if each.state != "applied"), key=lambda step: step.phase
    ):
        say(f"\n-- {phase}")
        for step in steps:
            say(f"\n-- {step.name} (lock: {step.lock})")
            say(_block([statement.as_string(work.session.connection) for statement in step.script(work)]))


def _block(statements: Sequence[str]) -> str:
    """The statements of a step as they can be run: batches in a loop, what may take long without a limit."""
    texts = [text.strip().rstrip(";").replace("%%", "%") for text in statements]
    batches = [text for text in texts if "%(size)s" in text]
    plain = [text for text in texts if "%(size)s" not in text]
    parts: list[str] = []
    if any(" concurrently " in text or " validate constraint " in text for text in plain):
        parts.append("set lock_timeout = 0;\nset statement_timeout = 0;")
        parts += [f"{text};" for text in plain]
        parts.append("reset lock_timeout;\nreset statement_timeout;")
    elif plain:
        parts.append("begin;\n" + "\n".join(f"{text};" for text in plain) + "\ncommit;")
    return "\n".join(parts + [_loop(text) for text in batches if "> %(since)s and" not in text])


def _loop(batch: str) -> str:
    return (
        "do $do$\ndeclare\n    last_key text;\n    seen bigint;\n    changed bigint;\nbegin\n    loop\n"
        f"        execute $batch$\n{numbered(batch)}\n        $batch$\n"
        "        into last_key, seen, changed using last_key, null::timestamptz, 500, 0, 1, null::text;\n"
        "        commit;\n        exit when seen = 0;\n    end loop;\nend\n$do$;"
    )


def print_phase(console: Console, manifest: Manifest, phase: str) -> None:
    """A heading."""
    console.print(f"[bold]{manifest.system}[/] · {phase}")


def print_step(console: Console, step: Step, outcome: str) -> None:
    """What became of a step."""
    console.print(
        f"  {_MARKS[outcome]} {escape(step.name)}" + (" (there already)" if outcome == "there already" else "")
    )


def print_backup(console: Console, backup: Backup) -> None:
    """Where the backup is, and how it comes back."""
    console.print(f"  ✓ backup in {escape(str(backup.file))}", soft_wrap=True)
    console.print(f"    to restore it: {escape(backup.restore)}", soft_wrap=True)


def print_audit(console: Console, manifest: Manifest, findings: Sequence[Finding]) -> None:
    """Who uses what is to go."""
    stopping = sum(finding.stops for finding in findings)
    console.print(
        f"[bold]{manifest.system}[/] · " + (f"{stopping} stop contract" if stopping else "nobody stops contract")
    )
    for finding in findings:
        mark = "✗" if finding.stops else "·"
        console.print(f"  {mark} {finding.kind} {escape(finding.who)} uses {escape(finding.uses)}", soft_wrap=True)


def print_rollback(console: Console, engine: Engine, to: str | None) -> None:
    """What a rollback would take back."""
    keep = PHASES.index(to) if to else -1
    print_phase(console, engine.manifest, f"rollback to {to or 'before expand'}, not run")
    for each in reversed(list(engine.planned())):
        if each.state in ("applied", "started") and PHASES.index(each.step.phase) > keep:
            console.print(f"  would take back: {escape(each.step.name)} ({each.step.phase})")


def print_verified(console: Console, manifest: Manifest, problems: Sequence[str], outcomes: Sequence[Outcome]) -> None:
    """What is wrong with the steps, and what the legacy plan's own queries say."""
    failed = len(problems) + sum(not outcome.passed for outcome in outcomes)
    console.print(f"[bold]{manifest.system}[/] · " + (f"{failed} checks failed" if failed else "all holds"))
    for problem in problems:
        console.print(f"  ✗ {escape(problem)}", style="red", soft_wrap=True)
    for outcome in outcomes:
        figures = "; ".join(_pairs(row) for row in outcome.figures[:3])
        console.print(f"  {'✓' if outcome.passed else '✗'} {outcome.check.name}: {escape(figures)}", soft_wrap=True)
        if not outcome.passed:
            console.print(f"    {outcome.offending:,} rows: {escape(outcome.check.means)}", style="red", soft_wrap=True)
            for row in outcome.rows[:5]:
                console.print(f"    {escape(_pairs(row))}", soft_wrap=True)


def _pairs(row: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items())


def print_status(console: Console, entries: Mapping[str, Mapping[str, ledger.Entry]]) -> None:
    """Where each cutover stands."""
    console.print("\n[bold]Cutover[/]")
    for system, steps in entries.items():
        done = [entry for entry in steps.values() if entry.state == "applied"]
        open_steps = [entry for entry in steps.values() if entry.state == "started"]
        if not done and not open_steps:
            continue
        last = max(done + open_steps, key=lambda entry: entry.position)
        said = f"  {system:<22}{last.phase}, {len(done)} steps applied"
        if open_steps:
            said += f", cut off at: {open_steps[0].step} (run the same command again)"
        console.print(escape(said), soft_wrap=True)
