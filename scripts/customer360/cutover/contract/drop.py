"""What goes: columns with their policy and triggers, helpers, views that read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from psycopg import sql

from customer360.cutover import catalog
from customer360.cutover.contract.definitions import definitions
from customer360.cutover.expand import AddReference, dropped_function
from customer360.cutover.manifest import Deprecated, Mapping, Policies, Reference
from customer360.cutover.sql import Sql
from customer360.cutover.steps import Ddl, Work
from customer360.cutover.switch.policies import create_policy


@dataclass(frozen=True)
class DropStagingViews(Ddl):
    """dbt's staging views of this system, which read what goes. From now on builds leave the system out."""

    phase: ClassVar[str] = "contract"
    lock: ClassVar[str] = "ACCESS EXCLUSIVE on the views"

    @property
    def name(self) -> str:
        """What it does."""
        return "drop staging views"

    def _views(self, work: Work) -> dict[str, str]:
        rows = work.session.execute(
            sql.SQL(
                "select viewname, definition from pg_views where schemaname = %s and viewname ^@ %s order by viewname"
            ),
            [work.staging, f"stg_{work.manifest.system}__"],
        )
        return dict(rows.fetchall())

    def script(self, work: Work) -> list[Sql]:
        """DROP VIEW."""
        return [sql.SQL("drop view {}").format(sql.Identifier(work.staging, view)) for view in self._views(work)]

    def applied(self, work: Work) -> bool:
        """Whether they are gone."""
        return not self._views(work)

    def apply(self, work: Work) -> None:
        """Drop them, keeping their text."""
        work.note(self, views=self._views(work))
        super().apply(work)

    def undo(self, work: Work) -> Sequence[Sql]:
        """Make them again from their text."""
        views, present = work.noted(self).get("views", {}), self._views(work)
        assert isinstance(views, dict)
        return [
            sql.SQL("create view {} as {}").format(sql.Identifier(work.staging, view), sql.SQL(text))
            for view, text in views.items()
            if view not in present
        ]


@dataclass(frozen=True)
class DropColumns(Ddl):
    """In one transaction: the old policy, the triggers and the old columns go; the new one may take a name over."""

    deprecated: Deprecated
    reference: Reference
    mapping: Mapping | None
    policy: str | None
    phase: ClassVar[str] = "contract"

    @property
    def name(self) -> str:
        """What it does."""
        return f"drop columns of {self.deprecated.table}"

    def _table(self, work: Work) -> tuple[str, str]:
        return work.legacy, self.deprecated.table

    def script(self, work: Work) -> list[Sql]:
        """Triggers, policy, columns, name."""
        table = sql.Identifier(*self._table(work))
        statements: list[Sql] = [
            sql.SQL("drop trigger if exists {} on {}").format(sql.Identifier(trigger), table)
            for trigger in (AddReference(self.reference, self.mapping).trigger, "c360_archive")
        ]
        if self.policy:
            statements.append(sql.SQL("drop policy if exists {} on {}").format(sql.Identifier(self.policy), table))
        drops = [sql.SQL("drop column {}").format(sql.Identifier(column)) for column in self.deprecated.columns]
        statements.append(sql.SQL("alter table {} {}").format(table, sql.SQL(", ").join(drops)))
        if self.reference.becomes:
            statements.append(self._rename(table, self.reference.column, self.reference.becomes))
        return statements

    def _rename(self, table: sql.Identifier, old: str, new: str) -> sql.Composed:
        return sql.SQL("alter table {} rename column {} to {}").format(table, sql.Identifier(old), sql.Identifier(new))

    def applied(self, work: Work) -> bool:
        """Whether the columns are gone."""
        present = catalog.columns(work.session, self._table(work))
        if self.reference.becomes:
            return self.reference.column not in present
        return not set(self.deprecated.columns) & set(present)

    def apply(self, work: Work) -> None:
        """Drop them, having noted down how they were."""
        work.note(
            self,
            kept=definitions(work, self._table(work), self.reference.key, self.deprecated.columns, self.policy),
        )
        super().apply(work)

    def undo(self, work: Work) -> Sequence[Sql]:
        """Columns, policy and sync trigger back; the columns are empty until the archive has filled them."""
        kept = work.noted(self).get("kept")
        if not isinstance(kept, dict) or not self.applied(work):
            return []
        table = sql.Identifier(*self._table(work))
        statements: list[Sql] = []
        if self.reference.becomes:
            statements.append(self._rename(table, self.reference.becomes, self.reference.column))
        adds = [
            sql.SQL("add column {} {}{}").format(
                sql.Identifier(column), sql.SQL(kind), sql.SQL(f" default {default}" if default else "")
            )
            for column, kind, _, default in kept["columns"]
        ]
        statements.append(sql.SQL("alter table {} {}").format(table, sql.SQL(", ").join(adds)))
        statements.append(AddReference(self.reference, self.mapping).create_trigger(work, both_ways=True))
        if kept.get("policy") and self.policy:
            permissive, command, using, check, roles = kept["policy"]
            statements.append(
                create_policy(
                    self.policy,
                    self._table(work),
                    permissive=permissive,
                    command=command,
                    roles=roles,
                    using=sql.SQL(f"({using})") if using else None,
                    check=sql.SQL(f"({check})") if check else None,
                )
            )
        return statements


@dataclass(frozen=True)
class DropAuthHelper(Ddl):
    """The helper of the old identity goes."""

    policies: Policies
    phase: ClassVar[str] = "contract"
    lock: ClassVar[str] = "none"

    @property
    def name(self) -> str:
        """What it does."""
        return f"drop {self.policies.replaces}"

    def script(self, work: Work) -> list[Sql]:
        """DROP FUNCTION."""
        return [dropped_function(work.legacy, self.policies.replaces)]

    def applied(self, work: Work) -> bool:
        """Whether it is gone."""
        return not catalog.has_function(work.session, (work.legacy, self.policies.replaces))

    def apply(self, work: Work) -> None:
        """Drop it, keeping its text."""
        text = work.session.value(
            sql.SQL("select pg_get_functiondef(to_regproc(%s))"),
            [catalog.quoted(work.session, (work.legacy, self.policies.replaces))],
        )
        work.note(self, definition=text)
        super().apply(work)

    def undo(self, work: Work) -> Sequence[Sql]:
        """Make it again from its text."""
        text = work.noted(self).get("definition")
        return [sql.SQL(str(text))] if text and self.applied(work) else []
