"""Comments that say what goes, and what to read instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from psycopg import sql

from customer360.cutover import catalog
from customer360.cutover.manifest import (
    Deprecated,
    Mapping,
)
from customer360.cutover.sql import Sql
from customer360.cutover.steps import Ddl, Work


@dataclass(frozen=True)
class Deprecate(Ddl):
    """Comments that say what goes and what to read instead."""

    deprecated: Deprecated
    grace_days: int
    phase: ClassVar[str] = "switch"
    lock: ClassVar[str] = "SHARE UPDATE EXCLUSIVE"

    @property
    def name(self) -> str:
        """What it does."""
        return f"deprecate columns of {self.deprecated.table}"

    def _comment(self, work: Work) -> str:
        return (
            f"DEPRECATED: use {self.deprecated.instead}. "
            f"Will be dropped no earlier than {self.grace_days} days after the switch."
        )

    def script(self, work: Work) -> list[Sql]:
        """COMMENT ON COLUMN."""
        return [self._set(work, column, self._comment(work)) for column in self.deprecated.columns]

    def _set(self, work: Work, column: str, said: str | None) -> Sql:
        return sql.SQL("comment on column {} is {}").format(
            sql.Identifier(work.legacy, self.deprecated.table, column), sql.Literal(said)
        )

    def _said(self, work: Work) -> dict[str, str | None]:
        table = (work.legacy, self.deprecated.table)
        return {column: catalog.comment(work.session, table, column) for column in self.deprecated.columns}

    def applied(self, work: Work) -> bool:
        """Whether every column says so."""
        return set(self._said(work).values()) == {self._comment(work)}

    def apply(self, work: Work) -> None:
        """Comment, keeping what the comments were."""
        work.note(self, comments=self._said(work))
        super().apply(work)

    def undo(self, work: Work) -> Sequence[Sql]:
        """The comments as they were."""
        before = work.noted(self).get("comments", {})
        present = catalog.columns(work.session, (work.legacy, self.deprecated.table))
        assert isinstance(before, dict)
        return [self._set(work, column, said) for column, said in before.items() if column in present]


@dataclass(frozen=True)
class DeprecateTable(Ddl):
    """The comment on the register that goes, and how often it had been read when it was made."""

    mapping: Mapping
    grace_days: int
    phase: ClassVar[str] = "switch"
    lock: ClassVar[str] = "SHARE UPDATE EXCLUSIVE"

    @property
    def name(self) -> str:
        """What it does."""
        return f"deprecate {self.mapping.old.table}"

    def _comment(self, work: Work) -> str:
        return (
            f"DEPRECATED: use {work.legacy}.{self.mapping.new.table}. "
            f"Will be archived no earlier than {self.grace_days} days after the switch."
        )

    def _said(self, work: Work) -> str | None:
        name = catalog.quoted(work.session, (work.legacy, self.mapping.old.table))
        said = work.session.value(sql.SQL("select obj_description(to_regclass(%s), 'pg_class')"), [name])
        return None if said is None else str(said)

    def reads(self, work: Work) -> int | None:
        """Scans of the table so far, by the statistics."""
        scans: int | None = work.session.value(
            sql.SQL(
                "select coalesce(seq_scan, 0) + coalesce(idx_scan, 0) from pg_stat_user_tables "
                "where schemaname = %s and relname = %s"
            ),
            [work.legacy, self.mapping.old.table],
        )
        return scans

    def _set(self, work: Work, said: str | None) -> Sql:
        return sql.SQL("comment on table {} is {}").format(
            sql.Identifier(work.legacy, self.mapping.old.table), sql.Literal(said)
        )

    def script(self, work: Work) -> list[Sql]:
        """COMMENT ON TABLE."""
        return [self._set(work, self._comment(work))]

    def applied(self, work: Work) -> bool:
        """Whether the table says so."""
        return self._said(work) == self._comment(work)

    def apply(self, work: Work) -> None:
        """Comment, keeping what the comment was and the reads so far."""
        work.note(self, comment=self._said(work), reads=self.reads(work))
        super().apply(work)

    def undo(self, work: Work) -> Sequence[Sql]:
        """The comment as it was."""
        noted = work.noted(self)
        said = noted.get("comment")
        return [self._set(work, None if said is None else str(said))] if "comment" in noted else []
