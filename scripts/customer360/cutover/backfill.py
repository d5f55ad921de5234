"""Phase backfill: fill the mapping, make missing identities, fill the new columns; later, follow what moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from psycopg import sql

from customer360.cutover import catalog, ledger
from customer360.cutover.batches import Batches, dealing, key_type, row_estimate
from customer360.cutover.errors import RefusedError
from customer360.cutover.expand import clear_mapping, filled, id_type
from customer360.cutover.manifest import Mapping, Reference
from customer360.cutover.sql import Part, Probed, Sql, template
from customer360.cutover.steps import Step, Work, seconds_for

ROWS_PER_SECOND = 30_000
"""Measured on two shared cores beside 400 transactions a second; only for estimates."""


@dataclass(frozen=True)
class FillMapping(Step):
    """Every row of the old register gets its counterpart: as the last build says, or by its number, or a new one."""

    mapping: Mapping
    phase: ClassVar[str] = "backfill"
    lock: ClassVar[str] = "rows, for one batch"
    recurring: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """What it does."""
        return f"fill mapping {self.mapping.name}"

    def script(self, work: Work) -> list[Sql]:
        """One batch."""
        mapping = self.mapping
        built = (work.canonical, mapping.resolved_by.table)
        resolved: Sql = sql.SQL("(select null::{type} as old_id, null::{type} as new_id where false)").format(
            type=id_type(work, mapping)
        )
        if catalog.relation_kind(work.session, built):
            resolved = sql.SQL("(select {} as old_id, {} as new_id from {})").format(
                sql.Identifier(mapping.resolved_by.old), sql.Identifier(mapping.resolved_by.new), sql.Identifier(*built)
            )
        statement = template(
            "map_fill",
            type=id_type(work, mapping),
            mapping=(work.ops, mapping.name),
            resolved=resolved,
            old_table=(work.legacy, mapping.old.table),
            old_key=mapping.old.key,
            old_match=mapping.old.match,
            new_table=(work.legacy, mapping.new.table),
            new_key=mapping.new.key,
            new_match=mapping.new.match,
            tenant=mapping.tenant,
            new_columns=sql.SQL(", ").join(map(sql.Identifier, mapping.carry)),
            old_columns=sql.SQL(", ").join(sql.Identifier("c", column) for column in mapping.carry.values()),
        )
        return [statement]

    def applied(self, work: Work) -> bool:
        """Whether nobody is left without a counterpart: with the trigger live this stays so."""
        return self._unmapped(work) == 0

    def _unmapped(self, work: Work) -> int:
        statement = sql.SQL(
            "select count(*) from {old} as c where not exists (select from {mapping} as m where m.old_id = c.{key})"
        ).format(
            old=sql.Identifier(work.legacy, self.mapping.old.table),
            mapping=sql.Identifier(work.ops, self.mapping.name),
            key=sql.Identifier(self.mapping.old.key),
        )
        return int(str(work.session.value(statement)))

    def apply(self, work: Work) -> None:
        """Fill it; that nobody is left out is counted afterwards, by `problems`."""
        mapping = self.mapping
        (statement,) = self.script(work)
        total = row_estimate(work.session, work.legacy, mapping.old.table)
        probed = _probed(work, mapping.old.table, mapping.old.key)
        work.runner(self).run(Batches(f"mapping {mapping.old.table}", statement, total, probed))
        work.session.execute(sql.SQL("analyze {}").format(sql.Identifier(work.ops, mapping.name)))

    def problems(self, work: Work) -> list[str]:
        """Whether the mapping is short."""
        missing = self._unmapped(work)
        return (
            [f"{missing:,} rows of {self.mapping.old.table} have no counterpart in {self.mapping.name}"]
            if missing
            else []
        )

    def revert(self, work: Work, *, to_nothing: bool) -> None:
        """Empty it, with the identities made for it; where the table is about to go, that does it."""
        if not to_nothing and catalog.relation_kind(work.session, (work.ops, self.mapping.name)):
            clear_mapping(work, self, self.mapping)
        ledger.forget_cursors(work.session, work.manifest.system, self.name)

    def estimate(self, work: Work) -> str:
        """By the size of the old register."""
        return seconds_for(row_estimate(work.session, work.legacy, self.mapping.old.table), ROWS_PER_SECOND)


@dataclass(frozen=True)
class Backfill(Step):
    """Fill the new column in batches; at a later apply follow the rows whose customer changed."""

    reference: Reference
    mapping: Mapping | None
    phase: ClassVar[str] = "backfill"
    lock: ClassVar[str] = "rows, for one batch"
    recurring: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """What it does."""
        return f"fill {self.reference.table}.{self.reference.column}"

    @property
    def _mapped(self) -> Mapping | None:
        return self.mapping if self.reference.link is None else None

    def _parts(self, work: Work) -> dict[str, Part]:
        return {
            "table": (work.legacy, self.reference.table),
            "key": self.reference.key,
            "key_type": key_type(work.session, work.legacy, self.reference.table, self.reference.key),
            "column": self.reference.column,
        }

    def _batches(self, work: Work) -> list[Batches]:
        reference, parts = self.reference, self._parts(work)
        rows = row_estimate(work.session, work.legacy, reference.table)
        probed = _probed(work, reference.table, reference.key)
        what = f"{reference.table}.{reference.column}"
        dealt = dealing(work.session, work.legacy, reference.table, reference.key)
        if mapping := self._mapped:
            parts |= {"old": reference.replaces or "", "mapping": (work.ops, mapping.name)}
            return [
                Batches(
                    what, template("backfill_mapped", **parts), rows, probed, dealing=dealt,
                    shared_by=(work.legacy, reference.table, reference.key),
                ),
                Batches(
                    f"{what}, moved", template("backfill_moved", **_without(parts, "key_type")), 0, probed,
                    incremental=True, only_incremental=True,
                ),
            ]  # fmt: skip
        redirects: dict[str, Part] = {
            **_without(parts, "key_type"),
            "redirects": (work.canonical, "customer_redirects"),
        }
        moved = sql.SQL("t.{} is distinct from b.customer_id").format(sql.Identifier(reference.column))
        linked = template("backfill_linked", **self._linked_parts(work), wrong=moved)
        return [
            Batches(
                what, linked, rows, probed, incremental=True, dealing=dealt,
                shared_by=(work.canonical, reference.link or "", "source_id"),
            ),
            Batches(
                f"{what}, redirected", template("backfill_redirected", **redirects), 0, probed,
                incremental=True, only_incremental=True,
            ),
        ]  # fmt: skip

    def script(self, work: Work) -> list[Sql]:
        """One batch of each pass."""
        return [batches.statement for batches in self._batches(work)]

    def apply(self, work: Work) -> None:
        """Fill what is empty, or follow what moved."""
        if self.reference.link and not catalog.relation_kind(work.session, (work.canonical, self.reference.link)):
            raise RefusedError(
                f"There is no {work.canonical}.{self.reference.link} yet: nothing was built.",
                hint="run c360 build first, or c360 migrate, which does both.",
            )
        first, *later = self._batches(work)
        if self._mapped is None or not self._filled_once(work, first.name):
            work.runner(self).run(first)
        for batches in later:
            work.runner(self).run(batches)

    def mend(self, work: Work) -> bool:
        """All rows again: a restore emptied the column, or somebody wrote to it before the switch."""
        again = self._batches(work)[0]
        if self._mapped is None:
            statement = template("backfill_linked", **self._linked_parts(work), wrong=self._empty)
            again = replace(again, name=f"{again.name}, repaired", statement=statement, incremental=False)
        work.runner(self).run(again)
        return True

    @property
    def _empty(self) -> Sql:
        return sql.SQL("t.{} is null").format(sql.Identifier(self.reference.column))

    def _linked_parts(self, work: Work) -> dict[str, Part]:
        return {
            **self._parts(work),
            "link": (work.canonical, self.reference.link or ""),
            "only_with": filled(self.reference, "t"),
        }

    def _filled_once(self, work: Work, name: str) -> bool:
        statement = sql.SQL(
            "select finished_at is not null from c360_ops.cursors where system = %s and step = %s and pass = %s"
        )
        return work.session.value(statement, [work.manifest.system, self.name, name]) is True

    def applied(self, work: Work) -> bool:
        """Whether every row that can be filled is."""
        return not self.problems(work)

    def problems(self, work: Work) -> list[str]:
        """Rows whose reference is not what mapping or link table say; a scan of both."""
        reference = self.reference
        parts = {
            "table": sql.Identifier(work.legacy, reference.table),
            "key": sql.Identifier(reference.key),
            "column": sql.Identifier(reference.column),
        }
        if mapping := self._mapped:
            wrong = sql.SQL(
                "from {table} as t left join {mapping} as m on m.old_id = t.{old} "
                "where t.{column} is distinct from m.new_id"
            ).format(
                **parts, old=sql.Identifier(reference.replaces or ""), mapping=sql.Identifier(work.ops, mapping.name)
            )
        else:
            wrong = sql.SQL(
                "from {table} as t inner join {link} as l on l.source_id = t.{key}::text "
                "where t.{column} is null and {only_with}"
            ).format(
                **parts,
                link=sql.Identifier(work.canonical, reference.link or ""),
                only_with=filled(reference, "t"),
            )
        row = work.session.row(
            sql.SQL("select count(*), min(t.{key}::text) {wrong}").format(key=parts["key"], wrong=wrong)
        )
        assert row is not None
        count, example = row
        if not count:
            return []
        return [
            f"{reference.table}.{reference.column}: {count:,} rows lack the customer that is theirs, such as {example}"
        ]

    def revert(self, work: Work, *, to_nothing: bool) -> None:
        """Columns back to NULL; where the column is about to go, that does it."""
        table = (work.legacy, self.reference.table)
        if not to_nothing and self.reference.column in catalog.columns(work.session, table):
            statement = template("backfill_cleared", **self._parts(work))
            rows = row_estimate(work.session, *table)
            probed = _probed(work, self.reference.table, self.reference.key)
            work.runner(self).run(
                Batches(
                    f"clearing {self.reference.table}.{self.reference.column}",
                    statement,
                    rows,
                    probed,
                    dealing=dealing(work.session, *table, self.reference.key),
                    shared_by=(*table, self.reference.key),
                )
            )
        ledger.forget_cursors(work.session, work.manifest.system, self.name)

    def estimate(self, work: Work) -> str:
        """By the size of the table."""
        return seconds_for(row_estimate(work.session, work.legacy, self.reference.table), ROWS_PER_SECOND)


def probed(work: Work, reference: Reference) -> Probed:
    """Where the clients of a reference's table are felt."""
    return _probed(work, reference.table, reference.key)


def _probed(work: Work, table: str, key: str) -> Probed:
    return sql.Identifier(work.legacy, table), sql.Identifier(key), key_type(work.session, work.legacy, table, key)


def _without(parts: dict[str, Part], *names: str) -> dict[str, Part]:
    return {name: value for name, value in parts.items() if name not in names}
