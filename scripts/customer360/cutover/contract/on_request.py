"""What is done only when it is asked for: NOT NULL, and the mark of rows that moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from psycopg import sql

from customer360.cutover import catalog, ledger
from customer360.cutover.backfill import probed
from customer360.cutover.batches import Batches, dealing, key_type, row_estimate
from customer360.cutover.constrain import AddNotNull, ValidateNotNull
from customer360.cutover.errors import CutoverError
from customer360.cutover.manifest import Mark, Reference
from customer360.cutover.sql import Sql, template
from customer360.cutover.steps import Ddl, Step, Work


@dataclass(frozen=True)
class RequireNewRows(AddNotNull):
    """NOT NULL on a reference that was optional, for new rows; only on request."""

    phase: ClassVar[str] = "contract"
    request: ClassVar[str | None] = "require_customer"


@dataclass(frozen=True)
class RequireAllRows(ValidateNotNull):
    """NOT NULL on a reference that was optional, for all rows; only on request."""

    phase: ClassVar[str] = "contract"
    request: ClassVar[str | None] = "require_customer"


@dataclass(frozen=True)
class AllowMark(Ddl):
    """The check that lists a column's values takes the mark as well."""

    mark: Mark
    phase: ClassVar[str] = "contract"
    request: ClassVar[str | None] = "mark_legacy_client"

    @property
    def name(self) -> str:
        """What it does."""
        return f"allow {self.mark.after} in {self.mark.table}.{self.mark.column}"

    def _definition(self, work: Work) -> str:
        found = catalog.constraint(work.session, (work.legacy, self.mark.table), self.mark.check)
        return found.definition if found else ""

    def script(self, work: Work) -> list[Sql]:
        """The check in a wider form, in place of the old one; all rows satisfy it, since they satisfied that."""
        table, check = sql.Identifier(work.legacy, self.mark.table), sql.Identifier(self.mark.check)
        definition = self._definition(work).removesuffix(" NOT VALID")
        inner = definition.removeprefix("CHECK (").removesuffix(")")
        return [
            sql.SQL("alter table {} drop constraint if exists {}").format(table, check),
            sql.SQL("alter table {} add constraint {} check ({} or {} = {}) not valid").format(
                table, check, sql.SQL(inner or "false"), sql.Identifier(self.mark.column), sql.Literal(self.mark.after)
            ),
        ]

    def applied(self, work: Work) -> bool:
        """Whether the check names the mark."""
        return f"'{self.mark.after}'" in self._definition(work)

    def apply(self, work: Work) -> None:
        """Widen it, keeping its text."""
        if not self._definition(work):
            raise CutoverError(
                f"{work.legacy}.{self.mark.table} has no check {self.mark.check}.",
                hint="name the check of that column in the manifest, at mark.check.",
            )
        work.note(self, definition=self._definition(work))
        super().apply(work)

    def undo(self, work: Work) -> Sequence[Sql]:
        """The check as it was."""
        before = work.noted(self).get("definition")
        if not before or not self.applied(work):
            return []
        table, check = sql.Identifier(work.legacy, self.mark.table), sql.Identifier(self.mark.check)
        return [
            sql.SQL("alter table {} drop constraint {}").format(table, check),
            sql.SQL("alter table {} add constraint {} {} not valid").format(table, check, sql.SQL(str(before))),
        ]

    def revert(self, work: Work, *, to_nothing: bool) -> None:
        """The check as it was, proven again."""
        super().revert(work, to_nothing=to_nothing)
        if self._definition(work).endswith("NOT VALID"):
            validate = sql.SQL("alter table {} validate constraint {}").format(
                sql.Identifier(work.legacy, self.mark.table), sql.Identifier(self.mark.check)
            )
            work.session.validate(validate, self.name)


@dataclass(frozen=True)
class MarkRows(Step):
    """Mark the rows whose customer is in the new register."""

    mark: Mark
    reference: Reference
    phase: ClassVar[str] = "contract"
    lock: ClassVar[str] = "rows, for one batch"
    request: ClassVar[str | None] = "mark_legacy_client"

    @property
    def name(self) -> str:
        """What it does."""
        return f"mark {self.mark.table} as {self.mark.after}"

    def _statement(self, work: Work, before: str, after: str) -> Sql:
        return template(
            "mark",
            table=(work.legacy, self.mark.table),
            key=self.reference.key,
            key_type=key_type(work.session, work.legacy, self.mark.table, self.reference.key),
            column=self.mark.column,
            value=sql.Literal(after),
            from_value=sql.Literal(before),
            reference=self.reference.column,
        )

    def script(self, work: Work) -> list[Sql]:
        """One batch."""
        return [self._statement(work, self.mark.before, self.mark.after)]

    def applied(self, work: Work) -> bool:
        """Whether every row is marked that has to be."""
        statement = sql.SQL("select not exists (select from {} where {} = {} and {} is not null)").format(
            sql.Identifier(work.legacy, self.mark.table),
            sql.Identifier(self.mark.column),
            sql.Literal(self.mark.before),
            sql.Identifier(self.reference.column),
        )
        return work.session.value(statement) is True

    def apply(self, work: Work) -> None:
        """Mark, batch by batch."""
        self._run(work, f"marking {self.mark.table}", self.mark.before, self.mark.after)

    def _run(self, work: Work, what: str, before: str, after: str) -> None:
        rows = row_estimate(work.session, work.legacy, self.mark.table)
        statement = self._statement(work, before, after)
        dealt = dealing(work.session, work.legacy, self.mark.table, self.reference.key)
        batches = Batches(
            what,
            statement,
            rows,
            probed(work, self.reference),
            dealing=dealt,
            shared_by=(work.legacy, self.mark.table, self.reference.key),
        )
        work.runner(self).run(batches)

    def revert(self, work: Work, *, to_nothing: bool) -> None:
        """Take the marks off."""
        self._run(work, f"unmarking {self.mark.table}", self.mark.after, self.mark.before)
        ledger.forget_cursors(work.session, work.manifest.system, self.name)
