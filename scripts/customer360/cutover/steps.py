"""The life of a step, and the commonest kind: a few short DDL statements in one transaction."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from customer360.config import Database
from customer360.cutover import ledger
from customer360.cutover.batches import Advance, Runner
from customer360.cutover.manifest import Manifest
from customer360.cutover.session import Session
from customer360.cutover.sql import Sql

PHASES = ("expand", "backfill", "constrain", "switch", "contract")
INSTANT = "an instant"


@dataclass(frozen=True)
class Work:
    """What a step works with."""

    session: Session
    database: Database
    manifest: Manifest
    advance: Advance

    @property
    def ops(self) -> str:
        """The engine's own schema."""
        return ledger.SCHEMA

    @property
    def legacy(self) -> str:
        """The legacy system's schema."""
        return self.manifest.legacy_schema

    @property
    def canonical(self) -> str:
        """The schema of customers and link tables."""
        return self.database.schema

    @property
    def functions(self) -> str:
        """The schema of the normalising functions."""
        return f"{self.database.schema}_functions"

    @property
    def staging(self) -> str:
        """The schema of the staging views."""
        return f"{self.database.schema}_staging"

    def runner(self, step: Step) -> Runner:
        """Runs a step's batches."""
        return Runner(self.session, self.database, self.manifest.system, step.name, self.advance)

    def noted(self, step: Step) -> dict[str, object]:
        """What a step noted down for its way back."""
        return ledger.noted(self.session, self.manifest.system, step.name)

    def note(self, step: Step, **detail: object) -> None:
        """Note something down for a step's way back; what is noted first stays."""
        ledger.note(self.session, self.manifest.system, step.name, detail)


@dataclass(frozen=True)
class Step(ABC):
    """One step of a cutover. Applying or reverting it again, from wherever it was cut off, is always right."""

    phase: ClassVar[str]
    lock: ClassVar[str] = "none"
    """The strongest lock it takes and how long that may hold others up, in words."""
    recurring: ClassVar[bool] = False
    """Whether it runs again at each apply: it then does only what has come up since."""
    request: ClassVar[str | None] = None
    """Name by which it must be asked for; None where it always runs."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What it does, in a few words; unique within the system, and the ledger's key."""

    @abstractmethod
    def script(self, work: Work) -> list[Sql]:
        """The SQL that a DBA would run for it."""

    @abstractmethod
    def applied(self, work: Work) -> bool:
        """Whether the database is as the step leaves it, by its catalog."""

    def apply(self, work: Work) -> None:
        """Do it."""
        work.session.ddl(self.script(work), self.name)

    @abstractmethod
    def revert(self, work: Work, *, to_nothing: bool) -> None:
        """Take it back; `to_nothing` says that what it filled is about to be dropped as a whole."""

    def problems(self, work: Work) -> list[str]:
        """What is wrong with what it left; nothing when all is well."""
        return [] if self.applied(work) else [f"{self.name}: it is not as the step left it"]

    def mend(self, work: Work) -> bool:
        """Put right what `problems` found; False where there is nothing that it could do."""
        return False

    def estimate(self, work: Work) -> str:
        """About how long it takes."""
        return INSTANT

    def checksum(self, work: Work) -> str:
        """Digest of the settings that it follows from."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


class Ddl(Step):
    """Short statements that take a strong lock for an instant, all in one transaction."""

    lock: ClassVar[str] = "ACCESS EXCLUSIVE"

    @abstractmethod
    def undo(self, work: Work) -> Sequence[Sql]:
        """The statements that take it back, wherever it was cut off."""

    def revert(self, work: Work, *, to_nothing: bool) -> None:
        """Run the statements that take it back, in one transaction."""
        if statements := self.undo(work):
            work.session.ddl(statements, f"taking back: {self.name}")


def seconds_for(rows: int, rows_per_second: int) -> str:
    """An estimate in words."""
    seconds = rows / rows_per_second
    if seconds < 1:
        return "under a second"
    return f"about {seconds:,.0f} s" if seconds < 120 else f"about {seconds / 60:,.0f} min"
