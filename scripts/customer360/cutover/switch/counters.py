"""Counters by customer, kept by triggers and equal to a recount at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from psycopg import sql

from customer360.cutover import catalog, ledger
from customer360.cutover.backfill import ROWS_PER_SECOND
from customer360.cutover.batches import Batches, row_estimate
from customer360.cutover.expand import (
    dropped_function,
)
from customer360.cutover.manifest import (
    Counter,
    Counters,
    Reference,
)
from customer360.cutover.sql import Sql, template
from customer360.cutover.steps import Ddl, Step, Work, seconds_for


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
