"""Phase constrain: indexes without locking, then NOT NULL and foreign keys, first for new rows, then for all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from psycopg import sql

from customer360.cutover import catalog
from customer360.cutover.batches import row_estimate
from customer360.cutover.errors import CutoverError, RefusedError
from customer360.cutover.manifest import Mapping, Reference
from customer360.cutover.sql import Sql
from customer360.cutover.steps import Ddl, Step, Work, seconds_for

_INDEX_ROWS_PER_SECOND = 400_000
_CHECK_ROWS_PER_SECOND = 2_000_000
_NAMED_NOT_NULL = 180000
_BUILDING = """
    select exists (
        select from pg_stat_progress_create_index as p
        where p.index_relid = to_regclass(%s) or p.relid = to_regclass(%s)
    )
"""


@dataclass(frozen=True)
class CreateIndex(Step):
    """The index on the new column, built beside the application; an invalid one left by a crash is built anew."""

    reference: Reference
    phase: ClassVar[str] = "constrain"
    lock: ClassVar[str] = "SHARE UPDATE EXCLUSIVE: nobody waits"

    @property
    def name(self) -> str:
        """What it does."""
        return f"index {self.reference.index.name}"

    def _index(self, work: Work) -> tuple[str, str]:
        return work.legacy, self.reference.index.name

    def script(self, work: Work) -> list[Sql]:
        """CREATE INDEX CONCURRENTLY."""
        return [
            sql.SQL("create index concurrently {} on {} ({})").format(
                sql.Identifier(self.reference.index.name),
                sql.Identifier(work.legacy, self.reference.table),
                sql.SQL(", ").join(map(sql.Identifier, self.reference.index.columns)),
            )
        ]

    def applied(self, work: Work) -> bool:
        """Whether a valid index is there."""
        index = catalog.index(work.session, self._index(work))
        return index is not None and index.valid

    def apply(self, work: Work) -> None:
        """Build it, after clearing away what an interrupted build left."""
        self._wait_for_running_build(work)
        index = catalog.index(work.session, self._index(work))
        if index is not None:
            columns = ", ".join(self.reference.index.columns)
            if f"({columns})" not in index.definition:
                raise CutoverError(
                    f"{work.legacy}.{self.reference.index.name} is another index: {index.definition}",
                    hint="choose another name for the new one in the manifest.",
                )
            if index.valid:
                return
        with work.session.unlimited():
            if index is not None:
                work.session.execute(self._drop(work))
            work.session.execute(self.script(work)[0])

    def _wait_for_running_build(self, work: Work) -> None:
        """A build goes on for a while after its client died, and its index must not be dropped under it."""
        names = [
            catalog.quoted(work.session, name) for name in (self._index(work), (work.legacy, self.reference.table))
        ]
        told = False
        while work.session.value(sql.SQL(_BUILDING), names):
            if not told:
                work.session.tell(f"{self.name}: another index build runs on {self.reference.table}; waiting for it.")
                told = True
            time.sleep(0.5)

    def _drop(self, work: Work) -> Sql:
        return sql.SQL("drop index concurrently if exists {}").format(sql.Identifier(*self._index(work)))

    def revert(self, work: Work, *, to_nothing: bool) -> None:
        """Drop it beside the application."""
        self._wait_for_running_build(work)
        if catalog.index(work.session, self._index(work)):
            with work.session.unlimited():
                work.session.execute(self._drop(work))

    def estimate(self, work: Work) -> str:
        """By the size of the table."""
        return seconds_for(row_estimate(work.session, work.legacy, self.reference.table), _INDEX_ROWS_PER_SECOND)


@dataclass(frozen=True)
class AddNotNull(Ddl):
    """NOT NULL for new rows: a named NOT NULL from PostgreSQL 18 on, before it a CHECK; nothing is scanned."""

    reference: Reference
    phase: ClassVar[str] = "constrain"

    @property
    def name(self) -> str:
        """What it does."""
        return f"require {self.reference.table}.{self.reference.column} of new rows"

    @property
    def constraint(self) -> str:
        """The name that PostgreSQL itself would give."""
        return f"{self.reference.table}_{self.reference.column}_not_null"

    def _table(self, work: Work) -> tuple[str, str]:
        return work.legacy, self.reference.table

    def script(self, work: Work) -> list[Sql]:
        """ADD CONSTRAINT … NOT VALID."""
        named = work.session.connection.info.server_version >= _NAMED_NOT_NULL
        column = sql.Identifier(self.reference.column)
        condition = sql.SQL("not null {}" if named else "check ({} is not null)").format(column)
        return [
            sql.SQL("alter table {} add constraint {} {} not valid").format(
                sql.Identifier(*self._table(work)), sql.Identifier(self.constraint), condition
            )
        ]

    def applied(self, work: Work) -> bool:
        """Whether the constraint, or what came of it, is there."""
        return bool(
            catalog.constraint(work.session, self._table(work), self.constraint)
            or catalog.columns(work.session, self._table(work)).get(self.reference.column)
        )

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop it, in whichever form it stands."""
        table, column = sql.Identifier(*self._table(work)), sql.Identifier(self.reference.column)
        statements: list[Sql] = []
        if catalog.constraint(work.session, self._table(work), self.constraint):
            statements.append(
                sql.SQL("alter table {} drop constraint {}").format(table, sql.Identifier(self.constraint))
            )
        if catalog.columns(work.session, self._table(work)).get(self.reference.column):
            statements.append(sql.SQL("alter table {} alter column {} drop not null").format(table, column))
        return statements[:1] if work.session.connection.info.server_version >= _NAMED_NOT_NULL else statements


@dataclass(frozen=True)
class ValidateNotNull(Step):
    """NOT NULL for all rows: a scan that blocks nobody; before PostgreSQL 18 the CHECK then becomes NOT NULL."""

    reference: Reference
    phase: ClassVar[str] = "constrain"
    lock: ClassVar[str] = "SHARE UPDATE EXCLUSIVE: nobody waits"

    @property
    def name(self) -> str:
        """What it does."""
        return f"require {self.reference.table}.{self.reference.column} of all rows"

    @property
    def _adding(self) -> AddNotNull:
        return AddNotNull(self.reference)

    def script(self, work: Work) -> list[Sql]:
        """VALIDATE CONSTRAINT, and where it is a CHECK its turning into NOT NULL."""
        table = sql.Identifier(work.legacy, self.reference.table)
        constraint = sql.Identifier(self._adding.constraint)
        validate = sql.SQL("alter table {} validate constraint {}").format(table, constraint)
        if work.session.connection.info.server_version >= _NAMED_NOT_NULL:
            return [validate]
        return [
            validate,
            sql.SQL("alter table {} alter column {} set not null").format(table, sql.Identifier(self.reference.column)),
            sql.SQL("alter table {} drop constraint {}").format(table, constraint),
        ]

    def applied(self, work: Work) -> bool:
        """Whether the column is NOT NULL, proven."""
        table = (work.legacy, self.reference.table)
        constraint = catalog.constraint(work.session, table, self._adding.constraint)
        required = catalog.columns(work.session, table).get(self.reference.column) is True
        if work.session.connection.info.server_version >= _NAMED_NOT_NULL:
            return constraint is not None and constraint.validated
        return required and constraint is None

    def apply(self, work: Work) -> None:
        """Validate, naming the rows that stand in the way."""
        table = (work.legacy, self.reference.table)
        validate, *rest = self.script(work)
        check_filled(work, self.reference)
        if catalog.constraint(work.session, table, self._adding.constraint):
            work.session.validate(validate, self.name)
            if rest:
                work.session.ddl(rest, self.name)

    def revert(self, work: Work, *, to_nothing: bool) -> None:
        """Nothing of its own: the constraint goes with the step before."""

    def estimate(self, work: Work) -> str:
        """By the size of the table."""
        return seconds_for(row_estimate(work.session, work.legacy, self.reference.table), _CHECK_ROWS_PER_SECOND)


def check_filled(work: Work, reference: Reference) -> None:
    """RefusedError that names rows without a reference, where all must have one."""
    statement = sql.SQL(
        "select count(*) over (), {key}::text from {table} where {column} is null order by {key} limit 3"
    ).format(
        key=sql.Identifier(reference.key),
        table=sql.Identifier(work.legacy, reference.table),
        column=sql.Identifier(reference.column),
    )
    rows = work.session.execute(statement).fetchall()
    if rows:
        keys = ", ".join(key for _, key in rows)
        raise RefusedError(
            f"{rows[0][0]:,} rows of {work.legacy}.{reference.table} have no {reference.column}, such as {keys}.",
            hint="c360 apply backfill fills what can be filled; the others need a customer, or it stays nullable.",
        )


@dataclass(frozen=True)
class AddForeignKey(Ddl):
    """The foreign key for new rows; nothing is scanned."""

    reference: Reference
    mapping: Mapping | None
    phase: ClassVar[str] = "constrain"
    lock: ClassVar[str] = "SHARE ROW EXCLUSIVE on both tables"

    @property
    def name(self) -> str:
        """What it does."""
        return f"foreign key {self.reference.foreign_key} for new rows"

    def script(self, work: Work) -> list[Sql]:
        """ADD FOREIGN KEY … NOT VALID."""
        if self.mapping and self.reference.link is None:
            target, key = (work.legacy, self.mapping.new.table), self.mapping.new.key
        else:
            target, key = (work.canonical, "customers"), "customer_id"
        return [
            sql.SQL(
                "alter table {table} add constraint {name} foreign key ({column}) references {target} ({key}) "
                "on delete {action} not valid"
            ).format(
                table=sql.Identifier(work.legacy, self.reference.table),
                name=sql.Identifier(self.reference.foreign_key),
                column=sql.Identifier(self.reference.column),
                target=sql.Identifier(*target),
                key=sql.Identifier(key),
                action=sql.SQL(self.reference.on_delete),
            )
        ]

    def applied(self, work: Work) -> bool:
        """Whether it is there, validated or not."""
        return (
            catalog.constraint(work.session, (work.legacy, self.reference.table), self.reference.foreign_key)
            is not None
        )

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop it."""
        if not self.applied(work):
            return []
        return [
            sql.SQL("alter table {} drop constraint {}").format(
                sql.Identifier(work.legacy, self.reference.table), sql.Identifier(self.reference.foreign_key)
            )
        ]


@dataclass(frozen=True)
class ValidateForeignKey(Step):
    """The foreign key for all rows: a scan that blocks nobody."""

    reference: Reference
    phase: ClassVar[str] = "constrain"
    lock: ClassVar[str] = "SHARE UPDATE EXCLUSIVE and ROW SHARE: nobody waits"

    @property
    def name(self) -> str:
        """What it does."""
        return f"foreign key {self.reference.foreign_key} for all rows"

    def script(self, work: Work) -> list[Sql]:
        """VALIDATE CONSTRAINT."""
        return [
            sql.SQL("alter table {} validate constraint {}").format(
                sql.Identifier(work.legacy, self.reference.table), sql.Identifier(self.reference.foreign_key)
            )
        ]

    def applied(self, work: Work) -> bool:
        """Whether it is proven."""
        found = catalog.constraint(work.session, (work.legacy, self.reference.table), self.reference.foreign_key)
        return found is not None and found.validated

    def apply(self, work: Work) -> None:
        """Validate it."""
        work.session.validate(self.script(work)[0], self.name)

    def revert(self, work: Work, *, to_nothing: bool) -> None:
        """Nothing of its own: the constraint goes with the step before."""

    def estimate(self, work: Work) -> str:
        """By the size of the table."""
        return seconds_for(row_estimate(work.session, work.legacy, self.reference.table), _CHECK_ROWS_PER_SECOND)
