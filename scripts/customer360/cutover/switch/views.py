"""What readers of the canonical tables are used to: a view with their names, a true updated_at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from psycopg import sql

from customer360.cutover import catalog
from customer360.cutover.expand import (
    dropped_function,
)
from customer360.cutover.manifest import (
    CompatibilityView,
    Counters,
    Touch,
)
from customer360.cutover.sql import Sql, template
from customer360.cutover.steps import Ddl, Work


@dataclass(frozen=True)
class CreateView(Ddl):
    """A view with the names that the plan's readers know; it shows each reader only what they may see."""

    view: CompatibilityView
    counters: Counters | None
    phase: ClassVar[str] = "switch"
    lock: ClassVar[str] = "none"

    @property
    def name(self) -> str:
        """What it does."""
        return f"create view {self.view.name}"

    def script(self, work: Work) -> list[Sql]:
        """CREATE VIEW."""
        counted = {count.column for count in self.counters.counts} | {self.counters.last} if self.counters else set()
        columns = [
            sql.SQL("{} as {}").format(sql.Identifier("k" if source in counted else "c", source), sql.Identifier(name))
            for name, source in self.view.columns.items()
        ]
        counters: Sql = sql.SQL("")
        if self.counters:
            counters = sql.SQL(" left join {} as k using (customer_id)").format(
                sql.Identifier(work.canonical, self.counters.table)
            )
        return [
            sql.SQL(
                "create view {view} with (security_invoker = true) as select {columns} from {customers} as c{counters} "
                "where c.status <> 'merged'"
            ).format(
                view=sql.Identifier(work.legacy, self.view.name),
                columns=sql.SQL(", ").join(columns),
                customers=sql.Identifier(work.canonical, "customers"),
                counters=counters,
            )
        ]

    def applied(self, work: Work) -> bool:
        """Whether it is there."""
        return catalog.relation_kind(work.session, (work.legacy, self.view.name)) == "v"

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop it."""
        return [sql.SQL("drop view if exists {}").format(sql.Identifier(work.legacy, self.view.name))]


@dataclass(frozen=True)
class KeepUpdatedAt(Ddl):
    """The trigger that keeps updated_at of a canonical table, whoever writes to it."""

    touch: Touch
    phase: ClassVar[str] = "switch"
    lock: ClassVar[str] = "SHARE ROW EXCLUSIVE"

    @property
    def name(self) -> str:
        """What it does."""
        return f"keep {self.touch.table}.{self.touch.column}"

    def script(self, work: Work) -> list[Sql]:
        """Function and trigger."""
        function = (work.ops, f"touch_{self.touch.table}")
        return [
            template("touch", function=function, column=self.touch.column),
            sql.SQL(
                "create or replace trigger c360_touch before update on {} for each row "
                "when (old.* is distinct from new.*) execute function {}()"
            ).format(sql.Identifier(work.canonical, self.touch.table), sql.Identifier(*function)),
        ]

    def applied(self, work: Work) -> bool:
        """Whether the trigger is there."""
        return catalog.has_trigger(work.session, (work.canonical, self.touch.table), "c360_touch")

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop trigger and function."""
        drop = sql.SQL("drop trigger c360_touch on {}").format(sql.Identifier(work.canonical, self.touch.table))
        return [*([drop] if self.applied(work) else []), dropped_function(work.ops, f"touch_{self.touch.table}")]
