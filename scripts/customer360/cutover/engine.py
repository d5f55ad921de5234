"""Walks the plan forwards and backwards, with the ledger as its memory and the catalog as its judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from customer360.config import Database
from customer360.cutover import catalog, ledger
from customer360.cutover.batches import Advance
from customer360.cutover.errors import CutoverError, VerifyError
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

    def apply(self, phase: str, requested: Sequence[str] = ()) -> None:
        """Apply what is left of a phase; all earlier ones must be done."""
        self.check()
        session, system = self.work.session, self.manifest.system
        ledger.create(session)
        self._check_earlier(phase)
        for position, step in enumerate(self.steps()):
            if step.phase != phase or (step.request and step.request not in requested):
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
            if problems := step.problems(self.work):
                raise VerifyError(
                    f"{system}: {step.name} did not come out right:\n" + "\n".join(f"  {each}" for each in problems),
                    hint="the same command tries again from here; c360 rollback takes back what was done.",
                )
            ledger.finish(session, system, step.name, "applied")
            self.report.step(step, "applied")

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

    def verify(self) -> list[str]:
        """What is wrong with the steps that are applied."""
        done = ledger.entries(self.work.session, self.manifest.system)
        problems: list[str] = []
        for step in self.steps():
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
