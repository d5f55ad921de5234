"""Either key may be written, and the other follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from psycopg import sql

from customer360.cutover import catalog
from customer360.cutover.expand import (
    AddReference,
    dropped_function,
    id_type,
    shadow_function_name,
    sync_function,
    sync_function_name,
)
from customer360.cutover.manifest import (
    Mapping,
    Reference,
)
from customer360.cutover.sql import Sql, template
from customer360.cutover.steps import Ddl, Work


@dataclass(frozen=True)
class SyncBothWays(Ddl):
    """From now on either key may be written and the other follows, so that going back loses nothing."""

    reference: Reference
    mapping: Mapping | None
    phase: ClassVar[str] = "switch"
    lock: ClassVar[str] = "SHARE ROW EXCLUSIVE"

    @property
    def name(self) -> str:
        """What it does."""
        return f"sync {self.reference.table} both ways"

    def script(self, work: Work) -> list[Sql]:
        """The function that finds or makes old keys, the sync function anew, and its trigger for both keys."""
        statements: list[Sql] = []
        if (mapping := self.mapping) and self.reference.link is None:
            carry = [sql.Identifier("p", new) for new in mapping.carry]
            without_match = [
                sql.NULL if new == mapping.new.match else sql.Identifier("p", new) for new in mapping.carry
            ]
            shadow = template(
                "shadow",
                function=shadow_function_name(work, mapping),
                type=id_type(work, mapping),
                mapping=(work.ops, mapping.name),
                old_table=(work.legacy, mapping.old.table),
                old_key=mapping.old.key,
                old_columns=sql.SQL(", ").join(map(sql.Identifier, mapping.carry.values())),
                new_table=(work.legacy, mapping.new.table),
                new_key=mapping.new.key,
                new_columns=sql.SQL(", ").join(carry),
                new_columns_without_match=sql.SQL(", ").join(without_match),
            )
            statements.append(shadow)
        return [
            *statements,
            sync_function(work, self.reference, self.mapping, both_ways=True),
            self._column.create_trigger(work, both_ways=True),
        ]

    @property
    def _column(self) -> AddReference:
        return AddReference(self.reference, self.mapping)

    def applied(self, work: Work) -> bool:
        """Whether the function in place is the one that syncs both ways, and is called for both keys."""
        source = catalog.function_source(work.session, sync_function_name(work, self.reference)) or ""
        wanted = sync_function(work, self.reference, self.mapping, both_ways=True).as_string(work.session.connection)
        table = (work.legacy, self.reference.table)
        watched = catalog.watched_columns(work.session, table, self._column.trigger)
        return source != "" and source in wanted and watched == set(self._column.watched(both_ways=True))

    def undo(self, work: Work) -> Sequence[Sql]:
        """The old key rules again."""
        if not catalog.has_function(work.session, sync_function_name(work, self.reference)):
            return []
        return [
            sync_function(work, self.reference, self.mapping, both_ways=False),
            self._column.create_trigger(work, both_ways=False),
        ]


@dataclass(frozen=True)
class DropShadowFunction(Ddl):
    """Counterpart of the function that SyncBothWays makes: it only goes, once, when every table is back."""

    mapping: Mapping
    phase: ClassVar[str] = "switch"
    lock: ClassVar[str] = "none"

    @property
    def name(self) -> str:
        """What it does."""
        return f"find or make old keys of {self.mapping.old.table}"

    def script(self, work: Work) -> list[Sql]:
        """Nothing: the first SyncBothWays makes it."""
        return []

    def applied(self, work: Work) -> bool:
        """It has no state of its own."""
        return True

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop the function."""
        name = shadow_function_name(work, self.mapping)
        return [dropped_function(*name, id_type(work, self.mapping).as_string(None))]
