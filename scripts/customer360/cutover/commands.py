"""What `c360 plan`, `apply`, `verify`, `rollback`, `audit` and `migrate` do, from the database to the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from customer360.config import Database
from customer360.cutover import catalog, ledger, page
from customer360.cutover.audit import audit
from customer360.cutover.backup import take as take_backup
from customer360.cutover.engine import NO_CONSENT, Consent, Engine, Report, engines, read_only
from customer360.cutover.errors import VerifyError
from customer360.cutover.manifest import load_manifest, systems
from customer360.cutover.session import Limits, Session, prepare
from customer360.cutover.steps import PHASES, Step
from customer360.cutover.verification import Outcome, due, load_checks, run_check

BACKED_UP = ("expand", "contract")
"""The phases before which a backup is taken: the first that touches the tables, and the last."""


@dataclass(frozen=True)
class Target:
    """Where, which systems, and how long things may take."""

    console: Console
    database: Database
    systems: tuple[str, ...]
    limits: Limits

    @contextmanager
    def operate(self) -> Iterator[list[Engine]]:
        """Engines within an operator's session, with a progress bar."""
        manifests = [load_manifest(system) for system in self.systems or systems()]
        with _Bar(self.console) as bar:
            report = Report(self._tell, bar.step, bar.advance)
            with engines(self.database, manifests, self.limits, report) as found:
                yield found

    @contextmanager
    def look(self) -> Iterator[list[Engine]]:
        """Engines for looking only."""
        manifests = [load_manifest(system) for system in self.systems or systems()]
        with self.database.connect(autocommit=True) as connection:
            session = Session(connection, self.limits, self._tell)
            prepare(connection)
            yield [read_only(session, self.database, manifest) for manifest in manifests]

    def _tell(self, message: str) -> None:
        self.console.print(f"  {message}", style="yellow", markup=False)


def show_plan(target: Target, *, phase: str | None, as_sql: bool) -> None:
    """Print the steps with their locks and estimates, or the SQL of those that are to do."""
    with target.look() as found:
        for engine in found:
            planned = [each for each in engine.planned() if phase in (None, each.step.phase)]
            if as_sql:
                page.print_script(target.console, engine, planned)
            else:
                page.print_plan(target.console, engine, planned)


def run_apply(target: Target, phase: str, *, dry_run: bool, backup: Path | None, consent: Consent) -> None:
    """Apply a phase of each system, after a backup where the phase is the first or the last to touch its tables."""
    if dry_run:
        show_plan(target, phase=phase, as_sql=False)
        return
    with target.operate() as found:
        for engine in found:
            _apply(target, engine, phase, backup, consent)


def _apply(target: Target, engine: Engine, phase: str, backup: Path | None, consent: Consent = NO_CONSENT) -> None:
    page.print_phase(target.console, engine.manifest, phase)
    engine.check()
    if phase == "contract":
        engine.check_contract(consent)
    if backup and phase in BACKED_UP and not engine.reached(phase):
        page.print_backup(target.console, take_backup(target.database, engine.manifest, phase, backup))
    engine.apply(phase, consent=consent)


def run_migrate(target: Target, *, dry_run: bool, backup: Path | None) -> None:
    """Expand, build, backfill, constrain and switch; contract is a decision of its own."""
    if dry_run:
        show_plan(target, phase=None, as_sql=False)
        return
    with target.operate() as found:
        for engine in found:
            _apply(target, engine, "expand", backup)
    _build(target)
    # Identities that the backfill made are records too: only the next build knows their customers.
    if _backfill(target):
        _build(target)
        _backfill(target)
    with target.operate() as found:
        for phase in ("constrain", "switch"):
            for engine in found:
                _apply(target, engine, phase, None)


def _build(target: Target) -> None:
    from customer360.dbt import BuildOptions, build
    from customer360.preflight import preflight

    target.console.print("[bold]build[/]")
    with target.database.connect(autocommit=True) as connection:
        preflight(connection)
        build(target.database, connection, BuildOptions(), target.console)


def _backfill(target: Target) -> bool:
    """Apply backfill; whether it made identities."""
    with target.operate() as found:
        before = [engine.identities_made() for engine in found]
        for engine in found:
            _apply(target, engine, "backfill", None)
        return before != [engine.identities_made() for engine in found]


def run_audit(target: Target) -> None:
    """Print who still uses what is to go."""
    with target.look() as found:
        for engine in found:
            page.print_audit(target.console, engine.manifest, audit(engine.work))


def run_rollback(target: Target, to: str | None, *, data_only: bool, dry_run: bool) -> None:
    """Take back every phase after `to`; with `data_only` what was filled goes and the schema stays."""
    to = "expand" if data_only else to
    if dry_run:
        with target.look() as found:
            for engine in found:
                page.print_rollback(target.console, engine, to)
        return
    with target.operate() as found:
        for engine in reversed(found):
            page.print_phase(target.console, engine.manifest, "rollback")
            engine.rollback(to)
            if data_only:
                engine.empty_history()


def run_verify(target: Target) -> None:
    """Check what was applied; VerifyError lists what is wrong."""
    wrong: list[str] = []
    with target.look() as found:
        for engine in found:
            problems, outcomes = engine.verify(), run_checks(engine)
            page.print_verified(target.console, engine.manifest, problems, outcomes)
            wrong += problems + [outcome.check.name for outcome in outcomes if not outcome.passed]
    if wrong:
        raise VerifyError(
            f"{len(wrong)} checks failed.", hint="c360 apply backfill mends references; the lines above name the rows."
        )


def run_checks(engine: Engine) -> list[Outcome]:
    """Ask the legacy plan's own verification queries, as far as the cutover has come."""
    work = engine.work
    done = [phase for phase in PHASES if engine.complete(phase)]
    if catalog.relation_kind(work.session, (work.canonical, "customers")):
        done.append("build")
    names = {
        "legacy": sql.Identifier(work.legacy),
        "canonical": sql.Identifier(work.canonical),
        "intermediate": sql.Identifier(work.database.schemas["intermediate"]),
        "ops": sql.Identifier(work.ops),
    }
    checks = due(load_checks(work.manifest.system), done)
    return [run_check(work.session.connection, check, names) for check in checks]


def show_cutovers(console: Console, database: Database) -> None:
    """Where each cutover stands, for `c360 status`; nothing where none was ever begun."""
    with database.connect(autocommit=True) as connection:
        session = Session(connection)
        if ledger.exists(session):
            entries = {system: ledger.entries(session, system) for system in systems()}
            page.print_status(console, entries)


class _Bar:
    """One progress bar, for the batches at work, and a line for each step that is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("  {task.description:<36.36}"),
            BarColumn(bar_width=None),
            TextColumn("{task.completed:,.0f} of {task.total:,.0f} rows"),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task: TaskID | None = None
        self._what = ""

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._progress.stop()

    def advance(self, what: str, done: int, total: int) -> None:
        """Move the bar, or begin another."""
        if what != self._what:
            self._clear()
            self._task, self._what = self._progress.add_task(what, total=total, rate=""), what
        assert self._task is not None
        speed = self._progress.tasks[0].speed
        rate = f"{speed:,.0f} rows/s" if speed else ""
        self._progress.update(self._task, completed=done, total=total, rate=rate)

    def step(self, step: Step, outcome: str) -> None:
        """Say what became of a step."""
        self._clear()
        page.print_step(self._console, step, outcome)

    def _clear(self) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task, self._what = None, ""
