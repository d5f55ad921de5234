"""Walks the plan forwards and backwards, with the ledger as its memory and the catalog as its judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from psycopg import sql

from customer360.config import Database
from customer360.cutover import catalog, ledger
from customer360.cutover.audit import audit
from customer360.cutover.batches import Advance
from customer360.cutover.errors import CutoverError, RefusedError, VerifyError
from customer360.cutover.manifest import Manifest
from customer360.cutover.plan import plan
from customer360.cutover.session import Limits, Session, operator
from customer360.cutover.steps import PHASES, Step, Work


@dataclass(frozen=True)
class Report:
    """What a person is told while it runs."""

    tell: Callable[[str], None] = lambda message: None
    step: Callable[[Step, str], None] = lambda step, outcome: None
    """A step and what became of it: applied, there already, taken back."""
    advance: Advance = lambda what, done, total: None


@dataclass(frozen=True)
class Consent:
    """What the operator agreed to, for contract."""

    confirmed: bool = False
    despite_readers: bool = False
    requested: tuple[str, ...] = ()
    """Steps asked for that do not run by themselves."""


NO_CONSENT = Consent()


@dataclass(frozen=True)
class PlannedStep:
    """A step with what is known about it here and now."""

    step: Step
    state: str
    """to do, started, applied, or on request."""
    estimate: str


@dataclass(frozen=True)
class Engine:
    """The cutover of one system on one database, within one operator's session."""

    work: Work
    report: Report = field(default_factory=Report)

    @property
    def manifest(self) -> Manifest:
        """The system's manifest."""
        return self.work.manifest

    def steps(self, phase: str | None = None) -> list[Step]:
        """The steps of a phase, or all."""
        return [step for step in plan(self.manifest) if phase in (None, step.phase)]

    def planned(self) -> Iterator[PlannedStep]:
        """Every step with its state and estimate; nothing is changed."""
        self.check()
        done = ledger.entries(self.work.session, self.manifest.system)
        for step in self.steps():
            state = done[step.name].state if step.name in done else "reverted"
            shown = {"reverted": "on request" if step.request else "to do"}.get(state, state)
            yield PlannedStep(step, shown, step.estimate(self.work))

    def check(self) -> None:
        """ManifestError unless the manifest fits the database."""
        catalog.check(self.work.session, self.manifest, migrated=self.reached("contract"))

    def reached(self, phase: str) -> bool:
        """Whether any step of a phase was begun and not taken back."""
        entries = ledger.entries(self.work.session, self.manifest.system).values()
        return any(entry.phase == phase and entry.state != "reverted" for entry in entries)

    def apply(self, phase: str, *, consent: Consent = NO_CONSENT) -> None:
        """Apply what is left of a phase; all earlier ones must be done, and contract wants consent."""
        self.check()
        session, system = self.work.session, self.manifest.system
        if phase != "contract" and self.reached("contract"):
            raise RefusedError(
                f"{system}: contract has begun, so {phase} has nothing to stand on any more.",
                hint=f"finish it, or take it back first: c360 rollback --system {system} --to switch",
            )
        ledger.create(session)
        self._check_earlier(phase)
        if phase == "contract":
            self.check_contract(consent)
        for position, step in enumerate(self.steps()):
            if step.phase != phase or (step.request and step.request not in consent.requested):
                continue
            entry = ledger.entries(session, system).get(step.name)
            checksum = step.checksum(self.work)
            applied = entry is not None and entry.state == "applied"
            if entry and entry.state != "reverted" and entry.checksum != checksum:
                raise CutoverError(
                    f"{system}: {step.name}: the manifest was changed after this step was applied.",
                    hint=f"take it back with the manifest that it was applied with: c360 rollback --system {system}.",
                )
            if applied and not step.recurring and step.applied(self.work):
                self.report.step(step, "there already")
                continue
            ledger.start(session, system, step.name, phase, position, checksum)
            # A step that was cut off between its work and the ledger's word is done all the same.
            if step.recurring or not step.applied(self.work):
                step.apply(self.work)
            problems = step.problems(self.work)
            if problems and step.mend(self.work):
                problems = step.problems(self.work)
            if problems:
                raise VerifyError(
                    f"{system}: {step.name} did not come out right:\n" + "\n".join(f"  {each}" for each in problems),
                    hint="the same command tries again from here; c360 rollback takes back what was done.",
                )
            ledger.finish(session, system, step.name, "applied")
            self.report.step(step, "applied")

    def complete(self, phase: str) -> bool:
        """Whether every step of a phase that does not have to be asked for is applied."""
        done = ledger.entries(self.work.session, self.manifest.system)
        steps = [step for step in self.steps(phase) if not step.request]
        return all(step.name in done and done[step.name].state == "applied" for step in steps)

    def identities_made(self) -> int:
        """How many rows of the new register the cutover made for want of one."""
        mapping = self.manifest.mapping
        if not mapping or not catalog.relation_kind(self.work.session, (self.work.ops, mapping.name)):
            return 0
        made = sql.SQL("select count(*) from {} where created").format(sql.Identifier(self.work.ops, mapping.name))
        return int(self.work.session.value(made))

    def switched_at(self) -> datetime | None:
        """When switch was done; None while it is not."""
        entries = ledger.entries(self.work.session, self.manifest.system)
        times = [
            entries[step.name].finished_at if step.name in entries and entries[step.name].state == "applied" else None
            for step in self.steps("switch")
        ]
        return max((time for time in times if time), default=None) if all(times) else None

    def check_contract(self, consent: Consent) -> None:
        """RefusedError unless it was confirmed, the grace period is over, and nobody reads what is to go."""
        system, switched = self.manifest.system, self.switched_at()
        if switched is None:
            raise CutoverError(f"{system}: contract comes after switch.", hint=f"c360 apply switch --system {system}")
        if not consent.confirmed:
            raise RefusedError(
                f"{system}: contract drops {', '.join(_going(self.manifest)) or 'nothing, but it is final'}.",
                hint="look at c360 audit and c360 plan --phase contract first, then say --confirm.",
            )
        over = switched + timedelta(days=self.manifest.grace_days)
        now = self.work.session.value(sql.SQL("select now()"))
        if now < over:
            raise RefusedError(
                f"{system}: the grace period lasts until {over:%Y-%m-%d %H:%M %Z} "
                f"({self.manifest.grace_days} days from the switch).",
                hint="wait; a shorter one is grace_days in the manifest, set before the switch.",
            )
        readers = [finding for finding in audit(self.work) if finding.stops]
        if readers and not consent.despite_readers:
            shown = "\n".join(f"  {reader.kind} {reader.who} uses {reader.uses}" for reader in readers[:20])
            raise RefusedError(
                f"{system}: {len(readers)} still use what is to go:\n{shown}",
                hint="change them, then try again; --despite goes on, but a view or policy blocks its column's drop.",
            )

    def _check_earlier(self, phase: str) -> None:
        done = ledger.entries(self.work.session, self.manifest.system)
        for step in self.steps():
            if PHASES.index(step.phase) >= PHASES.index(phase):
                return
            if not step.request and (step.name not in done or done[step.name].state != "applied"):
                raise CutoverError(
                    f"{self.manifest.system}: {phase} comes after {step.phase}, of which '{step.name}' is not done.",
                    hint=f"c360 apply {step.phase} --system {self.manifest.system}",
                )

    def rollback(self, to: str | None) -> None:
        """Take back every phase after `to`; all of them where it is None. The last step goes first."""
        session, system = self.work.session, self.manifest.system
        keep = PHASES.index(to) if to else -1
        done = ledger.entries(session, system)
        for step in reversed(self.steps()):
            entry = done.get(step.name)
            if PHASES.index(step.phase) <= keep or entry is None or entry.state == "reverted":
                continue
            # 'started' until it is gone, so that a rollback that is cut off leaves a plain tale.
            ledger.start(session, system, step.name, step.phase, entry.position, entry.checksum)
            step.revert(self.work, to_nothing=keep < PHASES.index("expand"))
            ledger.finish(session, system, step.name, "reverted")
            self.report.step(step, "taken back")

    def empty_history(self) -> None:
        """Delete the system's own history from the canonical schema; the next build brings it back.

        A build writes what changed only, so the log of changed records is told what goes.
        """
        if self.manifest.history:
            name = sql.Identifier(self.work.canonical, self.manifest.history)
            log = sql.Identifier(f"{self.work.canonical}_ops", "changed_records")
            statements = [
                sql.SQL("insert into {} (record_no) select record_no from {}").format(log, name),
                sql.SQL("delete from {}").format(name),
            ]
            self.work.session.ddl(statements, f"emptying {self.manifest.history}")

    def verify(self) -> list[str]:
        """What is wrong with the steps that are applied."""
        done = ledger.entries(self.work.session, self.manifest.system)
        problems: list[str] = []
        # What contract takes away is not there to be checked any more.
        for step in self.steps("contract" if self.reached("contract") else None):
            if step.name in done and done[step.name].state == "applied":
                problems += step.problems(self.work)
        return problems


@contextmanager
def engines(
    database: Database, manifests: Sequence[Manifest], limits: Limits | None = None, report: Report | None = None
) -> Iterator[list[Engine]]:
    """An engine for each manifest, within one operator's session."""
    report = report or Report()
    with operator(database, limits, report.tell) as session:
        yield [Engine(Work(session, database, manifest, report.advance), report) for manifest in manifests]


def read_only(session: Session, database: Database, manifest: Manifest) -> Engine:
    """An engine for looking only: it needs no operator's lock."""
    return Engine(Work(session, database, manifest, lambda what, done, total: None))


def _going(manifest: Manifest) -> list[str]:
    """What contract takes away."""
    going = [f"{part.table}.{column}" for part in manifest.deprecated for column in part.columns]
    if manifest.mapping and manifest.mapping.archive:
        going.append(f"the table {manifest.mapping.old.table} (to the archive)")
    return going
