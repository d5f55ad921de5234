"""Keyset batches beside a live application: each commits with its cursor, and clients' own stalls set its size."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from psycopg import errors, sql

from customer360.config import Database
from customer360.cutover.errors import CutoverError
from customer360.cutover.pace import Pace
from customer360.cutover.probe import Blind, Probe, probing
from customer360.cutover.session import Session
from customer360.cutover.sql import Probed, Sql, numbered, template

_FIRST_LOOK = 0.1
# So many batches run in one go, once their size is settled: the probe is looked at after them.
_AT_ONCE = 5
# Parts of a stretch of rows that are neighbours in the heap.
_PARTS = 16
# Rows of a batch scattered over the heap: at most one for so many pages, where there are that many.
_PAGES_PER_ROW, _FEW = 8, 10
_SCATTERED = 0.2
_LAYOUT = """
    select s.correlation, pg_relation_size(c.oid) / current_setting('block_size')::integer as pages
    from pg_class as c
    left join pg_stats as s
        on s.schemaname = c.relnamespace::regnamespace::text and s.tablename = c.relname and s.attname = %s
    where c.oid = to_regclass(%s)
"""
_SETTINGS = {
    # A crash loses the batch and its cursor together, so neither has to wait for the disk.
    "synchronous_commit": "off",
    "jit": "off",
    # Row by row through the keys: nothing is known yet of how the new column's values are spread.
    "enable_seqscan": "off",
    "enable_material": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
_WATCH_EVERY = 1.0
_OLD_SNAPSHOTS = """
    select 'pid ' || pid || ' (' || coalesce(usename, '?') || ', ' || coalesce(nullif(application_name, ''), 'unnamed')
        || ')' as holder, extract(epoch from now() - xact_start) as age
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
        and (backend_xmin is not null or backend_xid is not null)
        and xact_start < now() - make_interval(secs => %(age)s)
    union all
    select 'the prepared transaction ' || gid, extract(epoch from now() - prepared)
    from pg_prepared_xacts
    where database = current_database() and prepared < now() - make_interval(secs => %(age)s)
    order by age desc
    limit 1
"""
_HORIZON = """
    select least(now(), min(xact_start)) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""

Advance = Callable[[str, int, int], None]
"""Told (what, rows seen so far, rows in all)."""


@dataclass(frozen=True)
class Dealing:
    """How an UPDATE's rows are dealt out to batches, so that few of one page are in the same one.

    What the first batch leaves dead in a page makes room there for the next ones' HOT updates. All rows of a page in
    one batch would double the table.
    """

    parts: int = 1
    """In how many parts each stretch of so many batches is done, with its rows dealt out in turn."""
    largest: int = 20_000
    """Most rows of a batch."""


@dataclass(frozen=True)
class Batches:
    """A statement to run again and again until it sees no more rows.

    It takes %(after)s (key to start after, NULL at first), %(since)s (only what changed later, NULL for all), %(size)s
    and, where it can take every so many rows of a stretch, %(part)s and %(parts)s. It answers (last key seen or NULL,
    rows seen, rows changed). One that answers no last key makes itself fewer rows each time.
    """

    name: str
    statement: Sql
    total: int
    probed: Probed | None = None
    """Where clients feel the batches; None where nobody looks."""
    incremental: bool = False
    """Whether a later run takes only what changed since this one began."""
    only_incremental: bool = False
    """Whether the first run is left out: there is nothing to follow yet."""

    dealing: Dealing = Dealing()

    def text(self, session: Session) -> str:
        """The statement with numbered parameters: after, since, size."""
        return numbered(self.statement.as_string(session.connection))


@dataclass
class Runner:
    """Runs batches for one step."""

    session: Session
    database: Database
    system: str
    step: str
    advance: Advance = field(default=lambda what, done, total: None)

    def run(self, batches: Batches) -> int:
        """Run them to their end and say how many rows changed. An interrupted run goes on behind its last batch."""
        after, since = self._begin(batches)
        if batches.only_incremental and since is None:
            self._end(batches)
            return 0
        limits = self.session.limits
        timeouts = {"lock_timeout": f"{limits.lock_ms}ms", "statement_timeout": f"{limits.ddl}s"}
        with self.session.settings(**timeouts, **_SETTINGS), probing(self.database, batches.probed) as probe:
            self.session.execute(template("run_batches"))
            probe.look_after(after)
            changed_rows = self._run(batches, since, probe)
        self._end(batches)
        return changed_rows

    def _run(self, batches: Batches, since: object, probe: Probe | Blind) -> int:
        limits, pace = self.session.limits, Pace(self.session.limits.batch_ms, batches.dealing.largest)
        changed_rows, watched, at_once, seen = 0, 0.0, 1, None
        time.sleep(_FIRST_LOOK)
        pace.after_rest(probe.worst())
        while seen != 0:
            if time.monotonic() - watched > _WATCH_EVERY:
                self._wait_for_snapshots(batches.name)
                watched = time.monotonic()
            try:
                after, rows, seen, changed, held_ms = self._call(
                    batches, since, pace.size, max(at_once // batches.dealing.parts, 1)
                )
            except (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected):
                # Somebody holds one of these rows. Alone it can be waited for without holding up others.
                pace.blocked()
                at_once = 1
                time.sleep(limits.lock_ms / 1000)
                continue
            at_once = min(at_once + 1, _AT_ONCE)
            changed_rows += changed
            self.advance(batches.name, rows, max(batches.total, rows))
            probe.look_after(after)
            rest = pace.after_batch(held_ms, probe.worst())
            if rest > 0:
                time.sleep(rest)
                pace.after_rest(probe.worst())
        return changed_rows

    def _call(
        self, batches: Batches, since: object, size: int, at_once: int
    ) -> tuple[str | None, int, int, int, float]:
        """Some batches: where the cursor stands then, rows seen so far and in the last one, rows changed, and for how
        many milliseconds each held its rows.
        """
        parts = batches.dealing.parts
        stretches = max(at_once // parts, 1)
        row = self.session.row(
            sql.SQL("call pg_temp.run_batches(%s, %s, %s, %s, %s, %s, null, null, null, null, null)"),
            [
                batches.text(self.session),
                [self.system, self.step, batches.name],
                since,
                size,
                stretches,
                batches.dealing.parts,
            ],
        )
        assert row is not None
        return row

    def _begin(self, batches: Batches) -> tuple[str | None, Any]:
        """Where to go on: (after, since)."""
        key = [self.system, self.step, batches.name]
        horizon = self.session.value(sql.SQL(_HORIZON))
        # A finished pass starts over, with what changed since it began; an unfinished one goes on.
        row = self.session.row(
            sql.SQL("""
                insert into c360_ops.cursors as c (system, step, pass, horizon) values (%s, %s, %s, %s)
                on conflict (system, step, pass) do update set
                    watermark = case when c.finished_at is null then c.watermark else c.horizon end,
                    horizon = case when c.finished_at is null then c.horizon else excluded.horizon end,
                    last_key = case when c.finished_at is null then c.last_key end,
                    rows = case when c.finished_at is null then c.rows else 0 end,
                    finished_at = null
                returning last_key, watermark
            """),
            [*key, horizon],
        )
        assert row is not None
        after, since = row
        return after, since if batches.incremental else None

    def _end(self, batches: Batches) -> None:
        self.session.execute(
            sql.SQL("update c360_ops.cursors set finished_at = now() where system = %s and step = %s and pass = %s"),
            [self.system, self.step, batches.name],
        )

    def _wait_for_snapshots(self, what: str) -> None:
        """Pause while somebody's snapshot keeps dead row versions from being reused (2.5 times the time otherwise)."""
        limits = self.session.limits
        deadline, told = time.monotonic() + limits.snapshot_wait, False
        while limits.snapshot_wait > 0:
            row = self.session.connection.execute(_OLD_SNAPSHOTS, {"age": limits.snapshot_age}).fetchone()
            if row is None:
                return
            holder, age = row
            if time.monotonic() > deadline:
                raise CutoverError(
                    f"{what}: {holder} has held a snapshot for {age:.0f} s; the backfill would swell the table.",
                    hint="end it and run the same command again, or go on in spite of it: --snapshot-wait 0.",
                )
            if not told:
                self.session.tell(
                    f"{what}: paused, {holder} has held a snapshot for {age:.0f} s. The backfill would take 2.5 times "
                    "as long and swell the table; it goes on by itself when the snapshot is gone."
                )
                told = True
            time.sleep(0.2)


def dealing(session: Session, schema: str, table: str, key: str) -> Dealing:
    """How to deal out the rows of a table: by turns where the keys follow the heap, else in batches that suit it."""
    row = session.row(sql.SQL(_LAYOUT), [key, sql.Identifier(schema, table).as_string(session.connection)])
    correlation, pages = row or (None, 0)
    if correlation is None or abs(correlation) > _SCATTERED:
        return Dealing(parts=_PARTS)
    return Dealing(largest=max(pages // _PAGES_PER_ROW, _FEW))


def key_type(session: Session, schema: str, table: str, column: str) -> sql.SQL:
    """The type of a column, as PostgreSQL writes it."""
    name = session.value(
        sql.SQL(
            "select format_type(atttypid, atttypmod) from pg_attribute "
            "where attrelid = to_regclass(%s) and attname = %s and not attisdropped"
        ),
        [sql.Identifier(schema, table).as_string(session.connection), column],
    )
    return sql.SQL(str(name))


def row_estimate(session: Session, schema: str, table: str) -> int:
    """About how many rows a table has, from its statistics; never a scan of a large one."""
    name = sql.Identifier(schema, table).as_string(session.connection)
    row = session.row(sql.SQL("select reltuples::bigint, relpages from pg_class where oid = to_regclass(%s)"), [name])
    if row is None:
        return 0
    if int(row[0]) >= 0:
        return int(row[0])
    return int(session.value(sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))) or 0)
