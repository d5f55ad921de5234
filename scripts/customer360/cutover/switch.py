"""Phase switch: sync both ways, row-level policies by the new identity, counters, views, deprecation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from psycopg import sql

from customer360.cutover import catalog, ledger
from customer360.cutover.backfill import ROWS_PER_SECOND, Backfill
from customer360.cutover.batches import Batches, row_estimate
from customer360.cutover.errors import VerifyError
from customer360.cutover.expand import (
    AddReference,
    dropped_function,
    id_type,
    shadow_function_name,
    sync_function,
    sync_function_name,
)
from customer360.cutover.manifest import (
    CompatibilityView,
    Counter,
    Counters,
    Deprecated,
    Mapping,
    Policies,
    Policy,
    Reference,
    Touch,
)
from customer360.cutover.sql import Sql, template
from customer360.cutover.steps import Ddl, Step, Work, seconds_for

_OLD_POLICY = """
    select p.polpermissive, p.polcmd::text, p.polqual is not null, p.polwithcheck is not null,
        array(
            select case when r = 0 then 'public' else quote_ident(pg_get_userbyid(r)) end from unnest(p.polroles) as r
        )
    from pg_policy as p
    where p.polrelid = to_regclass(%s) and p.polname = %s
"""
_COMMANDS = {"*": "all", "r": "select", "a": "insert", "w": "update", "d": "delete"}


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


@dataclass(frozen=True)
class CreateAuthHelper(Ddl):
    """The function that says who is asking; it reads the claims as PostgREST and Supabase set them."""

    policies: Policies
    phase: ClassVar[str] = "switch"
    lock: ClassVar[str] = "none"

    @property
    def name(self) -> str:
        """What it does."""
        return f"create {self.policies.helper}"

    def script(self, work: Work) -> list[Sql]:
        """The function."""
        return [template("auth_helper", function=(work.legacy, self.policies.helper))]

    def applied(self, work: Work) -> bool:
        """Whether it is there."""
        return catalog.has_function(work.session, (work.legacy, self.policies.helper))

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop it."""
        return [dropped_function(work.legacy, self.policies.helper)]


@dataclass(frozen=True)
class CreatePolicy(Ddl):
    """The policy by the new identity beside the old one, with its command and roles, once all rows are filled."""

    policy: Policy
    helper: str
    reference: Reference
    mapping: Mapping | None
    phase: ClassVar[str] = "switch"

    @property
    def name(self) -> str:
        """What it does."""
        return f"policy {self.policy.new} on {self.policy.table}"

    def _table(self, work: Work) -> tuple[str, str]:
        return work.legacy, self.policy.table

    def script(self, work: Work) -> list[Sql]:
        """CREATE POLICY."""
        table = self._table(work)
        row = work.session.row(sql.SQL(_OLD_POLICY), [catalog.quoted(work.session, table), self.policy.old])
        permissive, command, using, check, roles = row or (True, "*", True, True, ["public"])
        condition = sql.SQL("({} = (select {}()))").format(
            sql.Identifier(self.policy.column), sql.Identifier(work.legacy, self.helper)
        )
        return [
            sql.SQL("create policy {name} on {table} as {kind} for {command} to {roles}{using}{check}").format(
                name=sql.Identifier(self.policy.new),
                table=sql.Identifier(*table),
                kind=sql.SQL("permissive" if permissive else "restrictive"),
                command=sql.SQL(_COMMANDS[str(command)]),
                roles=sql.SQL(", ").join(sql.SQL(role) for role in roles),
                using=sql.SQL(" using {}").format(condition) if using else sql.SQL(""),
                check=sql.SQL(" with check {}").format(condition) if check else sql.SQL(""),
            )
        ]

    def applied(self, work: Work) -> bool:
        """Whether it is there."""
        return catalog.has_policy(work.session, self._table(work), self.policy.new)

    def apply(self, work: Work) -> None:
        """Create it, when every row is where it belongs: a policy switched early hides rows from their owners."""
        if problems := Backfill(self.reference, self.mapping).problems(work):
            raise VerifyError("\n".join(problems), hint="run c360 apply backfill, then this again.")
        super().apply(work)

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop it."""
        if not self.applied(work):
            return []
        return [
            sql.SQL("drop policy {} on {}").format(sql.Identifier(self.policy.new), sql.Identifier(*self._table(work)))
        ]


@dataclass(frozen=True)
class CreateCounters(Ddl):
    """The counters' table, its recount, and the triggers of every counted table."""

    counters: Counters
    references: tuple[Reference, ...]
    phase: ClassVar[str] = "switch"
    lock: ClassVar[str] = "SHARE ROW EXCLUSIVE"

    @property
    def name(self) -> str:
        """What it does."""
        return f"create {self.counters.table}"

    def _table(self, work: Work) -> tuple[str, str]:
        return work.canonical, self.counters.table

    def recount_name(self, work: Work) -> tuple[str, str]:
        """The function that counts some customers anew."""
        return work.ops, f"recount_{work.manifest.system}"

    def script(self, work: Work) -> list[Sql]:
        """Table, functions, triggers."""
        columns = [
            sql.SQL("{} bigint not null default 0").format(sql.Identifier(c.column)) for c in self.counters.counts
        ]
        table = sql.SQL(
            "create table if not exists {} (customer_id uuid primary key, {}, {} timestamptz) with (fillfactor = 70)"
        ).format(sql.Identifier(*self._table(work)), sql.SQL(", ").join(columns), sql.Identifier(self.counters.last))
        statements: list[Sql] = [table, *self._row_security(work), self._recount(work)]
        for count in self.counters.counts:
            statements += [self._functions(work, count), *self._triggers(work, count)]
        return statements

    def _row_security(self, work: Work) -> list[Sql]:
        """As on the other tables of the schema: a reader who is not its owner sees the rows of their own customer."""
        table, policy = self._table(work), "own_rows"
        statements = [sql.SQL("alter table {} enable row level security").format(sql.Identifier(*table))]
        function = (work.canonical, "own_customer_id")
        if catalog.has_function(work.session, function) and not catalog.has_policy(work.session, table, policy):
            statements.append(
                sql.SQL("create policy {} on {} for select using (customer_id = (select {}()))").format(
                    sql.Identifier(policy), sql.Identifier(*table), sql.Identifier(*function)
                )
            )
        return [*statements]

    def at(self, work: Work, count: Counter, row: str) -> Sql:
        """The moment of a row."""
        column = sql.Identifier(row, count.at)
        return sql.SQL("{}({}::text)").format(sql.Identifier(work.functions, "parse_timestamp"), column)

    def _recount(self, work: Work) -> Sql:
        latest, assignments = [], []
        for count in self.counters.counts:
            rows = sql.SQL("from {table} as t where t.{reference} = c.customer_id").format(
                table=sql.Identifier(work.legacy, count.table), reference=sql.Identifier(count.reference)
            )
            assignments.append(sql.SQL("{} = (select count(*) {})").format(sql.Identifier(count.column), rows))
            latest.append(sql.SQL("(select max({}) {})").format(self.at(work, count, "t"), rows))
        last = sql.SQL("{} = greatest({})").format(sql.Identifier(self.counters.last), sql.SQL(", ").join(latest))
        return template(
            "counter_recount",
            recount=self.recount_name(work),
            counters=self._table(work),
            assignments=sql.SQL(", ").join([*assignments, last]),
        )

    def _function_names(self, work: Work, count: Counter) -> dict[str, tuple[str, str]]:
        stem = f"count_{work.manifest.system}_{count.table}"
        return {what: (work.ops, f"{stem}_{what}") for what in ("added", "changed", "emptied")}

    def _functions(self, work: Work, count: Counter) -> Sql:
        return template(
            "counter_functions",
            **self._function_names(work, count),
            recount=self.recount_name(work),
            counters=self._table(work),
            column=count.column,
            last=self.counters.last,
            reference=count.reference,
            key=next(reference.key for reference in self.references if reference.table == count.table),
            at=count.at,
            new_at=self.at(work, count, "r"),
        )

    def _triggers(self, work: Work, count: Counter) -> list[Sql]:
        names = self._function_names(work, count)
        made = (
            ("c360_count_insert", "insert", " referencing new table as new_rows", names["added"]),
            (
                "c360_count_update",
                "update",
                " referencing old table as old_rows new table as new_rows",
                names["changed"],
            ),
            ("c360_count_delete", "delete", " referencing old table as old_rows", names["changed"]),
            ("c360_count_truncate", "truncate", "", names["emptied"]),
        )
        return [
            sql.SQL("create or replace trigger {} after {} on {}{} for each statement execute function {}()").format(
                sql.Identifier(trigger),
                sql.SQL(event),
                sql.Identifier(work.legacy, count.table),
                sql.SQL(transition),
                sql.Identifier(*function),
            )
            for trigger, event, transition, function in made
        ]

    def applied(self, work: Work) -> bool:
        """Whether the last trigger is there."""
        return catalog.has_trigger(work.session, (work.legacy, self.counters.counts[-1].table), "c360_count_truncate")

    def undo(self, work: Work) -> Sequence[Sql]:
        """Drop triggers, functions and table."""
        statements: list[Sql] = []
        for count in self.counters.counts:
            table = (work.legacy, count.table)
            for event in ("insert", "update", "delete", "truncate"):
                if catalog.has_trigger(work.session, table, f"c360_count_{event}"):
                    statements.append(
                        sql.SQL("drop trigger {} on {}").format(
                            sql.Identifier(f"c360_count_{event}"), sql.Identifier(*table)
                        )
                    )
            statements += [dropped_function(*name) for name in self._function_names(work, count).values()]
        statements.append(dropped_function(*self.recount_name(work), "uuid[]"))
        return [*statements, sql.SQL("drop table if exists {}").format(sql.Identifier(*self._table(work)))]


@dataclass(frozen=True)
class FillCounters(Step):
    """Count every customer once, now that the triggers keep what was counted."""

    counting: CreateCounters
    phase: ClassVar[str] = "switch"
    lock: ClassVar[str] = "rows, for one batch"

    @property
    def name(self) -> str:
        """What it does."""
        return f"fill {self.counting.counters.table}"

    def script(self, work: Work) -> list[Sql]:
        """One batch."""
        has_rows = [
            sql.SQL("exists (select from {} as t where t.{} = b.customer_id)").format(
                sql.Identifier(work.legacy, count.table), sql.Identifier(count.reference)
            )
            for count in self.counting.counters.counts
        ]
        return [
            template(
                "counter_fill",
                customers=(work.canonical, "customers"),
                counters=(work.canonical, self.counting.counters.table),
                recount=self.counting.recount_name(work),
                has_rows=sql.SQL(" or ").join(has_rows),
            )
        ]

    def applied(self, work: Work) -> bool:
        """Whether it was filled to the end, by its cursor."""
        statement = sql.SQL(
            "select bool_and(finished_at is not null) from c360_ops.cursors where system = %s and step = %s"
        )
        return work.session.value(statement, [work.manifest.system, self.name]) is True

    def apply(self, work: Work) -> None:
        """Count, batch by batch."""
        total = row_estimate(work.session, work.canonical, "customers")
        work.runner(self).run(Batches(self.counting.counters.table, self.script(work)[0], total))

    def problems(self, work: Work) -> list[str]:
        """Customers whose counters are not what a recount gives."""
        counters = self.counting.counters
        rows, differs = [], []
        for count in counters.counts:
            rows.append(
                sql.SQL("select t.{} as customer_id, {} as counted, {} as at from {} as t").format(
                    sql.Identifier(count.reference),
                    sql.Literal(count.column),
                    self.counting.at(work, count, "t"),
                    sql.Identifier(work.legacy, count.table),
                )
            )
            differs.append(
                sql.SQL("coalesce(k.{column}, 0) <> count(r.customer_id) filter (where r.counted = {name})").format(
                    column=sql.Identifier(count.column), name=sql.Literal(count.column)
                )
            )
        statement = sql.SQL("""
            select count(*) over (), customer_id
            from {counters} as k
            full join (select * from ({rows}) as every where customer_id is not null) as r using (customer_id)
            group by customer_id, {columns}, k.{last}
            having {differs} or k.{last} is distinct from max(r.at)
            order by customer_id
            limit 1
        """).format(
            counters=sql.Identifier(work.canonical, counters.table),
            rows=sql.SQL(" union all ").join(rows),
            columns=sql.SQL(", ").join(sql.Identifier("k", count.column) for count in counters.counts),
            last=sql.Identifier(counters.last),
            differs=sql.SQL(" or ").join(differs),
        )
        row = work.session.row(statement)
        return [f"{counters.table}: {row[0]:,} customers differ from a recount, such as {row[1]}"] if row else []

    def revert(self, work: Work, *, to_nothing: bool) -> None:
        """The table goes with the step before."""
        ledger.forget_cursors(work.session, work.manifest.system, self.name)

    def estimate(self, work: Work) -> str:
        """By the number of customers."""
        return seconds_for(row_estimate(work.session, work.canonical, "customers"), ROWS_PER_SECOND // 3)


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
