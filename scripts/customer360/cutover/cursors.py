"""How far the batches of a step are: a cursor for each pass over its rows, and one for each worker's share of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg import sql
from psycopg.rows import class_row

from customer360.cutover.session import Session

Keys = tuple[str, str, str]
"""Schema, table and key column by whose values a pass is shared out."""

_UNFINISHED = """
    select exists (
        select from c360_ops.cursors where system = %s and step = %s and pass = %s and finished_at is null
    )
"""
_HORIZON = """
    select least(now(), min(xact_start)) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""
# A finished pass starts over, with what changed since it began; an unfinished one goes on.
_BEGIN = """
    insert into c360_ops.cursors as c (system, step, pass, horizon) values (%s, %s, %s, %s)
    on conflict (system, step, pass) do update set
        watermark = case when c.finished_at is null then c.watermark else c.horizon end,
        horizon = case when c.finished_at is null then c.horizon else excluded.horizon end,
        last_key = case when c.finished_at is null then c.last_key end,
        rows = case when c.finished_at is null then c.rows else 0 end,
        finished_at = null
    returning watermark
"""
# By the histogram of the keys; without statistics there is nothing to go by, and one worker does it all.
_BOUNDS = """
    select bounds[1 + number * (cardinality(bounds) - 1) / %(workers)s]
    from (
        select histogram_bounds::text::text[] as bounds from pg_stats
        where schemaname = %(schema)s and tablename = %(table)s and attname = %(key)s
    ) as keys
    cross join generate_series(1, %(workers)s - 1) as number
    where cardinality(bounds) > %(workers)s
    order by number
"""
_SHARE_OUT = """
    insert into c360_ops.cursors (system, step, pass, share_of, last_key, until_key)
    select %s, %s, %s || ', share ' || number, %s, last_key, until_key
    from unnest(%s::text[], %s::text[]) with ordinality as share (last_key, until_key, number)
"""
_SHARES = """
    select pass as cursor, last_key as after, rows, finished_at is not null as finished
    from c360_ops.cursors where system = %(system)s and step = %(step)s
        and case when exists (
            select from c360_ops.cursors where system = %(system)s and step = %(step)s and share_of = %(pass)s
        ) then share_of else pass end = %(pass)s
    order by pass
"""


@dataclass(frozen=True)
class Share:
    """One worker's part of a pass."""

    cursor: str
    """The name of its cursor."""
    after: str | None
    """The key behind which it goes on; NULL is the beginning."""
    rows: int
    """How many rows it has seen."""
    finished: bool


@dataclass(frozen=True)
class Passes:
    """The cursors of one step of one system."""

    session: Session
    system: str
    step: str

    def begin(self, name: str) -> tuple[bool, datetime | None]:
        """Begin a pass, or go on with it: whether it starts at its first key, and since when changes count (None: it
        was never finished, so all rows do).
        """
        key = [self.system, self.step, name]
        unfinished = self.session.value(sql.SQL(_UNFINISHED), key)
        if not unfinished:
            # Before the pass itself: one that is cut off here has no finished shares to be taken for its own.
            self.session.execute(
                sql.SQL("delete from c360_ops.cursors where system = %s and step = %s and share_of = %s"), key
            )
        since = self.session.value(sql.SQL(_BEGIN), [*key, self.session.value(sql.SQL(_HORIZON))])
        return not unfinished, since

    def share_out(self, name: str, keys: Keys, workers: int) -> None:
        """Divide a pass that starts among so many workers, about evenly."""
        schema, table, key = keys
        found = self.session.connection.execute(
            _BOUNDS, {"workers": workers, "schema": schema, "table": table, "key": key}
        ).fetchall()
        if bounds := [bound for (bound,) in found]:
            self.session.execute(
                sql.SQL(_SHARE_OUT), [self.system, self.step, name, name, [None, *bounds], [*bounds, None]]
            )

    def shares(self, name: str) -> list[Share]:
        """The shares of a pass; all of it is one where it was not shared out."""
        with self.session.connection.cursor(row_factory=class_row(Share)) as cursor:
            return cursor.execute(_SHARES, {"system": self.system, "step": self.step, "pass": name}).fetchall()

    def end(self, cursor: str) -> None:
        """Say that a pass, or a share, is through."""
        self.session.execute(
            sql.SQL("update c360_ops.cursors set finished_at = now() where system = %s and step = %s and pass = %s"),
            [self.system, self.step, cursor],
        )
