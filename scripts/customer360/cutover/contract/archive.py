"""The archive of what goes, by key, true until the moment it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from psycopg import sql

from customer360.cutover import catalog, ledger
from customer360.cutover.backfill import ROWS_PER_SECOND, probed
from customer360.cutover.batches import Batches, dealing, key_type, row_estimate
from customer360.cutover.contract.definitions import restore_definitions
from customer360.cutover.contract.drop import DropColumns
from customer360.cutover.expand import MapNewRows, dropped_function, shadow_function_name
from customer360.cutover.manifest import Deprecated, Mapping, Reference
from customer360.cutover.sql import Part, Sql, template
from customer360.cutover.steps import Ddl, Step, Work, seconds_for

ARCHIVE = "archive"
_READERS = """
    select distinct case when x.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(x.grantee)) end
    from pg_class as c
    cross join lateral aclexplode(c.relacl) as x
    where c.oid = to_regclass(%s) and x.privilege_type = 'SELECT' and x.grantee <> c.relowner
    order by 1
"""


def _stamp(work: Work, step: Step) -> str:
    """When the step was first begun, as names of the archive carry it."""
    work.note(step, stamp=datetime.now(UTC).strftime("%Y%m%dt%H%M%S"))
    return str(work.noted(step)["stamp"])


@dataclass(frozen=True)
class ArchiveColumns(Step):
    """Copy the columns that go, row by row with their key, and let the copy follow every write until they are gone."""

    deprecated: Deprecated
    reference: Reference
    mapping: Mapping | None
    phase: ClassVar[str] = "contract"
    lock: ClassVar[str] = "SHARE ROW EXCLUSIVE; then rows, for one batch"

    @property
    def name(self) -> str:
        """What it does."""
        return f"archive columns of {self.deprecated.table}"

    def _table(self, work: Work) -> tuple[str, str]:
        return work.legacy, self.deprecated.table

    def archive(self, work: Work) -> tuple[str, str]:
        """The table that holds the columns."""
        stamp = work.noted(self).get("stamp", "<timestamp>")
        return ARCHIVE, f"{work.manifest.system}_{self.deprecated.table}_{stamp}"

    def _function(self, work: Work) -> tuple[str, str]:
        return work.ops, f"archive_{work.manifest.system}_{self.deprecated.table}"

    def _columns(self) -> sql.Composed:
        return sql.SQL(", ").join(map(sql.Identifier, self.deprecated.columns))

    def script(self, work: Work) -> list[Sql]:
        """Table, trigger, one batch."""
        key, columns = self.reference.key, self._columns()
        copy = sql.SQL("create table if not exists {} as select {}, {} from {} with no data").format(
            sql.Identifier(*self.archive(work)), sql.Identifier(key), columns, sql.Identifier(*self._table(work))
        )
        unique = sql.SQL("create unique index if not exists {} on {} ({})").format(
            sql.Identifier(f"{self.archive(work)[1]}_key"), sql.Identifier(*self.archive(work)), sql.Identifier(key)
        )
        parts: dict[str, Part] = {"archive": self.archive(work), "key": key, "columns": columns}
        function = template(
            "archive_trigger",
            **parts,
            function=self._function(work),
            new_values=sql.SQL(", ").join(sql.Identifier("new", column) for column in self.deprecated.columns),
            excluded=sql.SQL(", ").join(sql.Identifier("excluded", column) for column in self.deprecated.columns),
        )
        trigger = sql.SQL(
            "create or replace trigger c360_archive after insert or update or delete on {} "
            "for each row execute function {}()"
        ).format(sql.Identifier(*self._table(work)), sql.Identifier(*self._function(work)))
        fill = template(
            "archive_fill",
            **parts,
            table=self._table(work),
            key_type=key_type(work.session, *self._table(work), key),
            values=sql.SQL(", ").join(sql.Identifier("t", column) for column in self.deprecated.columns),
        )
        # Nobody but its owner, whatever the schema's default privileges say: the policies stay with the table.
        closed = sql.SQL("alter table {} enable row level security").format(sql.Identifier(*self.archive(work)))
        return [sql.SQL("create schema if not exists archive"), copy, closed, unique, function, trigger, fill]

    def applied(self, work: Work) -> bool:
        """Whether the archive is complete; once the columns are gone, that it is there."""
        if "stamp" not in work.noted(self) or not catalog.relation_kind(work.session, self.archive(work)):
            return False
        if not self._columns_are_there(work):
            return True
        filled = sql.SQL("select finished_at is not null from c360_ops.cursors where system = %s and step = %s")
        return work.session.value(filled, [work.manifest.system, self.name]) is True

    def _columns_are_there(self, work: Work) -> bool:
        # A column may have handed its name on to the new one: the others, or the new one's own name, tell.
        present = catalog.columns(work.session, self._table(work))
        if self.reference.becomes:
            return self.reference.column in present
        return self.deprecated.columns[0] in present

    def apply(self, work: Work) -> None:
        """Make the archive and its trigger, then copy."""
        _stamp(work, self)
        *ddl, fill = self.script(work)
        work.session.ddl(ddl, self.name)
        rows = row_estimate(work.session, *self._table(work))
        batches = Batches(f"archiving {self.deprecated.table}", fill, rows, probed(work, self.reference))
        work.runner(self).run(batches)

    def problems(self, work: Work) -> list[str]:
        """Rows that the archive lacks, while the columns are still there."""
        if not self.applied(work):
            return super().problems(work)
        if not self._columns_are_there(work):
            return []
        statement = sql.SQL(
            "select count(*) from {table} as t left join {archive} as a on a.{key} = t.{key} "
            "where a.{key} is null or ({theirs}) is distinct from ({ours})"
        ).format(
            table=sql.Identifier(*self._table(work)),
            archive=sql.Identifier(*self.archive(work)),
            key=sql.Identifier(self.reference.key),
            theirs=sql.SQL(", ").join(sql.Identifier("t", column) for column in self.deprecated.columns),
            ours=sql.SQL(", ").join(sql.Identifier("a", column) for column in self.deprecated.columns),
        )
        count = work.session.value(statement)
        return [f"{'.'.join(self.archive(work))} lacks {count:,} rows, or has other values"] if count else []

    def revert(self, work: Work, *, to_nothing: bool) -> None:
        """Fill the columns from the archive where they were dropped, put their constraints back, drop the archive."""
        dropping = DropColumns(self.deprecated, self.reference, self.mapping, None)
        kept = work.noted(dropping).get("kept")
        if isinstance(kept, dict) and work.noted(self).get("stamp"):
            if catalog.relation_kind(work.session, self.archive(work)):
                rows = row_estimate(work.session, *self._table(work))
                restore = Batches(
                    f"restoring {self.deprecated.table}",
                    self._restore(work),
                    rows,
                    probed(work, self.reference),
                    dealing=dealing(work.session, *self._table(work), self.reference.key),
                )
                work.runner(self).run(restore)
            restore_definitions(work, self._table(work), kept, self.name)
        statements: list[Sql] = []
        if catalog.has_trigger(work.session, self._table(work), "c360_archive"):
            statements.append(sql.SQL("drop trigger c360_archive on {}").format(sql.Identifier(*self._table(work))))
        statements.append(dropped_function(*self._function(work)))
        if "stamp" in work.noted(self):
            statements.append(sql.SQL("drop table if exists {}").format(sql.Identifier(*self.archive(work))))
        work.session.ddl(statements, f"taking back: {self.name}")
        ledger.forget_cursors(work.session, work.manifest.system, self.name)

    def _restore(self, work: Work) -> Sql:
        """One batch. A row that the new application wrote since takes what can be told from the new key."""
        reference, assignments = self.reference, []
        joined: Sql = sql.SQL("")
        if reference.link and reference.copies:
            joined = sql.SQL(
                "left join {table} as self on self.{key} = b.key "
                "left join {customers} as c on c.customer_id = self.{column}"
            ).format(
                table=sql.Identifier(*self._table(work)),
                key=sql.Identifier(reference.key),
                customers=sql.Identifier(work.canonical, "customers"),
                column=sql.Identifier(reference.column),
            )
        for column in self.deprecated.columns:
            name = sql.Identifier(column)
            if self.mapping and reference.link is None and column == reference.replaces:
                value: Sql = sql.SQL(
                    "coalesce((select m.old_id from {mapping} as m where m.old_id = a.{name} and m.new_id = t.{new}), "
                    "{shadow}(t.{new}))"
                ).format(
                    mapping=sql.Identifier(work.ops, self.mapping.name),
                    name=name,
                    new=sql.Identifier(reference.column),
                    shadow=sql.Identifier(*shadow_function_name(work, self.mapping)),
                )
            elif reference.link and column in reference.copies:
                value = sql.SQL("case when a.{key} is null then c.{attribute}::{type} else a.{name} end").format(
                    key=sql.Identifier(reference.key),
                    attribute=sql.Identifier(reference.copies[column]),
                    type=key_type(work.session, *self._table(work), column),
                    name=name,
                )
            else:
                value = sql.SQL("a.{}").format(name)
            assignments.append(sql.SQL("{} = {}").format(name, value))
        return template(
            "archive_restore",
            table=self._table(work),
            key=reference.key,
            key_type=key_type(work.session, *self._table(work), reference.key),
            archive=self.archive(work),
            assignments=sql.SQL(", ").join(assignments),
            customers=joined,
        )

    def estimate(self, work: Work) -> str:
        """By the size of the table."""
        return seconds_for(row_estimate(work.session, *self._table(work)), ROWS_PER_SECOND)


@dataclass(frozen=True)
class ArchiveRegister(Ddl):
    """The old register moves to the archive; a view with its name shows its readers what it held."""

    mapping: Mapping
    phase: ClassVar[str] = "contract"

    @property
    def name(self) -> str:
        """What it does."""
        return f"archive {self.mapping.old.table}"

    def _archived(self, work: Work) -> str:
        return f"{self.mapping.old.table}_{work.noted(self).get('stamp', '<timestamp>')}"

    def script(self, work: Work) -> list[Sql]:
        """Trigger off, table away, view in its place, with its readers' rights."""
        here, archived = (work.legacy, self.mapping.old.table), self._archived(work)
        readers = [str(row[0]) for row in work.session.execute(sql.SQL(_READERS), [catalog.quoted(work.session, here)])]
        statements: list[Sql] = [
            sql.SQL("create schema if not exists archive"),
            sql.SQL("drop trigger if exists c360_map on {}").format(sql.Identifier(*here)),
            sql.SQL("alter table {} rename to {}").format(sql.Identifier(*here), sql.Identifier(archived)),
            sql.SQL("alter table {} set schema archive").format(sql.Identifier(work.legacy, archived)),
            sql.SQL("create view {} with (security_invoker = true) as select * from {}").format(
                sql.Identifier(*here), sql.Identifier(ARCHIVE, archived)
            ),
        ]
        for reader in readers:
            role = sql.SQL(reader)
            statements.append(sql.SQL("grant usage on schema archive to {}").format(role))
            statements.append(sql.SQL("grant select on {} to {}").format(sql.Identifier(*here), role))
        return statements

    def applied(self, work: Work) -> bool:
        """Whether the archived table is there."""
        return (
            "stamp" in work.noted(self) and catalog.relation_kind(work.session, (ARCHIVE, self._archived(work))) == "r"
        )

    def apply(self, work: Work) -> None:
        """Archive it."""
        _stamp(work, self)
        super().apply(work)

    def undo(self, work: Work) -> Sequence[Sql]:
        """The table back in its place, with the trigger that maps its new rows."""
        if not self.applied(work):
            return []
        here, archived = (work.legacy, self.mapping.old.table), self._archived(work)
        return [
            sql.SQL("drop view if exists {}").format(sql.Identifier(*here)),
            sql.SQL("alter table {} set schema {}").format(
                sql.Identifier(ARCHIVE, archived), sql.Identifier(work.legacy)
            ),
            sql.SQL("alter table {} rename to {}").format(
                sql.Identifier(work.legacy, archived), sql.Identifier(self.mapping.old.table)
            ),
            MapNewRows(self.mapping).create_trigger(work),
        ]
