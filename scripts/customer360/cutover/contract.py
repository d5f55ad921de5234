"""Phase contract: what is old is archived, then dropped; the archive and the mapping are the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from psycopg import sql

from customer360.cutover import catalog, ledger
from customer360.cutover.backfill import ROWS_PER_SECOND, probed
from customer360.cutover.batches import Batches, key_type, row_estimate
from customer360.cutover.constrain import AddNotNull, ValidateNotNull
from customer360.cutover.errors import CutoverError
from customer360.cutover.expand import AddReference, MapNewRows, dropped_function, shadow_function_name
from customer360.cutover.manifest import Deprecated, Mapping, Mark, Policies, Reference
from customer360.cutover.sql import Part, Sql, template
from customer360.cutover.steps import Ddl, Step, Work, seconds_for

ARCHIVE = "archive"
_COLUMN = """
    select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
    from pg_attribute as a
    left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = to_regclass(%s) and a.attname = any(%s)
    order by a.attnum
"""
_CONSTRAINTS = """
    select c.conname, pg_get_constraintdef(c.oid)
    from pg_constraint as c
    where c.conrelid = to_regclass(%(table)s) and c.contype in ('f', 'c', 'u') and c.conkey && array(
        select a.attnum from pg_attribute as a where a.attrelid = c.conrelid and a.attname = any(%(columns)s)
    )
    order by c.contype desc, c.conname
"""
_INDEXES = """
    select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    from pg_index as i
    where i.indrelid = to_regclass(%(table)s)
        and not exists (select from pg_constraint as c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
        and exists (
            select from pg_depend as d
            inner join pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.objid = i.indexrelid and d.refobjid = i.indrelid and a.attname = any(%(columns)s)
        )
    order by 1
"""
_POLICY = """
    select p.polpermissive, p.polcmd::text, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
        array(
            select case when r = 0 then 'public' else quote_ident(pg_get_userbyid(r)) end from unnest(p.polroles) as r
        )
    from pg_policy as p
    where p.polrelid = to_regclass(%s) and p.polname = %s
"""
_COMMANDS = {"*": "all", "r": "select", "a": "insert", "w": "update", "d": "delete"}
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
        return [sql.SQL("create schema if not exists archive"), copy, unique, function, trigger, fill]

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
                    f"restoring {self.deprecated.table}", self._restore(work), rows, probed(work, self.reference)
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


def restore_definitions(work: Work, table: tuple[str, str], kept: dict[str, Any], what: str) -> None:
    """Indexes, NOT NULL, constraints and comments of columns that are back, none of them in anybody's way."""
    name = sql.Identifier(*table)
    for index, definition in kept["indexes"]:
        state = work.session.row(sql.SQL("select indisvalid from pg_index where indexrelid = to_regclass(%s)"), [index])
        if state and state[0]:
            continue
        with work.session.unlimited():
            if state:
                work.session.execute(sql.SQL("drop index concurrently {}").format(sql.SQL(index)))
            beside = definition.replace("CREATE INDEX ", "CREATE INDEX CONCURRENTLY ", 1)
            beside = beside.replace("CREATE UNIQUE INDEX ", "CREATE UNIQUE INDEX CONCURRENTLY ", 1)
            work.session.execute(sql.SQL(beside))
    for column, _, required, _ in kept["columns"]:
        if required:
            reference = Reference.model_construct(table=table[1], column=column, key=kept["key"])
            for step in (AddNotNull(reference), ValidateNotNull(reference)):
                if not step.applied(work):
                    step.apply(work)
    for constraint, definition in kept["constraints"]:
        if catalog.constraint(work.session, table, constraint) is None:
            add = sql.SQL("alter table {} add constraint {} {} {}").format(
                name,
                sql.Identifier(constraint),
                sql.SQL(definition.removesuffix(" NOT VALID")),
                sql.SQL("" if definition.startswith("UNIQUE") else "not valid"),
            )
            work.session.ddl([add], what)
        if not definition.startswith("UNIQUE"):
            validate = sql.SQL("alter table {} validate constraint {}").format(name, sql.Identifier(constraint))
            work.session.validate(validate, what)
    comments = [
        sql.SQL("comment on column {}.{} is {}").format(name, sql.Identifier(column), sql.Literal(said))
        for column, said in kept["comments"].items()
        if said
    ]
    if comments:
        work.session.ddl(comments, what)


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
        names = {"table": catalog.quoted(work.session, self._table(work)), "columns": list(self.deprecated.columns)}
        connection = work.session.connection
        work.note(
            self,
            kept={
                "key": self.reference.key,
                "columns": connection.execute(_COLUMN, [names["table"], names["columns"]]).fetchall(),
                "constraints": connection.execute(_CONSTRAINTS, names).fetchall(),
                "indexes": connection.execute(_INDEXES, names).fetchall(),
                "comments": {
                    column: catalog.comment(work.session, self._table(work), column)
                    for column in self.deprecated.columns
                },
                "policy": self.policy and connection.execute(_POLICY, [names["table"], self.policy]).fetchone(),
            },
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
                sql.SQL("create policy {} on {} as {} for {} to {}{}{}").format(
                    sql.Identifier(self.policy),
                    table,
                    sql.SQL("permissive" if permissive else "restrictive"),
                    sql.SQL(_COMMANDS[command]),
                    sql.SQL(", ".join(roles)),
                    sql.SQL(f" using ({using})" if using else ""),
                    sql.SQL(f" with check ({check})" if check else ""),
                )
            )
        return statements


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
        work.runner(self).run(Batches(what, statement, rows, probed(work, self.reference)))

    def revert(self, work: Work, *, to_nothing: bool) -> None:
        """Take the marks off."""
        self._run(work, f"unmarking {self.mark.table}", self.mark.after, self.mark.before)
        ledger.forget_cursors(work.session, work.manifest.system, self.name)
