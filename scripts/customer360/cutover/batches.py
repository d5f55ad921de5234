"""Keyset batches beside a live application: each commits with its cursor, and clients' own stalls set its size.

Several workers share the rows of a large table, each with a connection, a cursor, a probe and a pace of its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime

from psycopg import errors, sql

from customer360.config import Database
from customer360.cutover.cursors import Keys, Passes, Share
from customer360.cutover.errors import CutoverError
from customer360.cutover.pace import Pace
from customer360.cutover.probe import Blind, Probe, probing
from customer360.cutover.session import Session, worker
from customer360.cutover.sql import Probed, Sql, numbered, template

_FIRST_LOOK = 0.1
# So many batches run in one go, once their size is settled: the probe is looked at after them.
_AT_ONCE = 5
# Parts of a stretch of rows that are neighbours in the heap: so many that a batch has one row of a page, within limits.
_FEWEST_PARTS, _MOST_PARTS = 16, 32
# Rows of a batch scattered over the heap: at most one for so many pages, where there are that many.
_PAGES_PER_ROW, _FEW = 8, 10
_SCATTERED = 0.2
_LAYOUT = """
    select
        s.correlation, pg_relation_size(c.oid) / current_setting('block_size')::integer as pages,
        ceil(c.reltuples / greatest(c.relpages, 1))::integer as rows_of_page
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

    It takes %(after)s (key to start after, NULL at first), %(since)s (only what changed later, NULL for all), %(size)s,
    where it can take every so many rows of a stretch, %(part)s and %(parts)s, and where it can be shared out,
    %(until)s (last key, NULL for all). It answers (last key seen or NULL, rows seen, rows changed). One that answers no
    last key makes itself fewer rows each time.
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
    shared_by: Keys | None = None
    """The keys by which several workers share the rows; None where one does it all."""

    def text(self, session: Session) -> str:
        """The statement with numbered parameters."""
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
        passes = Passes(self.session, self.system, self.step)
        starts, changed_since = passes.begin(batches.name)
        since = changed_since if batches.incremental else None
        workers = min(self.session.limits.workers, batches.total // self.session.limits.worker_rows)
        if batches.shared_by and starts and since is None and workers > 1:
            passes.share_out(batches.name, batches.shared_by, workers)
        if batches.only_incremental and since is None:
            passes.end(batches.name)
            return 0
        shares = passes.shares(batches.name)
        together = Together(batches, since, self.advance, shares)
        changed_rows = self._run_shares(together, [share for share in shares if not share.finished])
        passes.end(batches.name)
        return changed_rows

    def _run_shares(self, together: Together, shares: Sequence[Share]) -> int:
        """The first share in the operator's own session, each other one in one of its own beside it."""
        if not shares:
            return 0
        with ThreadPoolExecutor(len(shares)) as pool:
            others = [pool.submit(self._run_beside, together, share) for share in shares[1:]]
            try:
                changed_rows = Worker(self.session, self.database, self.system, self.step, together).run(shares[0])
                while wait(others, timeout=_WATCH_EVERY, return_when=FIRST_EXCEPTION).not_done and not together.over:
                    self.session.value(sql.SQL("select 1"))  # whoever ends the operator's session ends them all
            finally:
                together.over = together.over or any(not other.done() for other in others)
            return changed_rows + sum(other.result() for other in others)

    def _run_beside(self, together: Together, share: Share) -> int:
        try:
            with worker(self.database, self.session.limits) as session:
                return Worker(session, self.database, self.system, self.step, together).run(share)
        except BaseException:
            together.over = True
            raise


@dataclass
class Together:
    """What the workers of a pass have in common."""

    batches: Batches
    since: datetime | None
    advance: Advance
    shares: Sequence[Share]
    over: bool = False
    """Whether one of them failed: the others stop behind their batch."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Begin where an interrupted run stopped."""
        self._done = {share.cursor: share.rows for share in self.shares}

    def tell(self, cursor: str, rows: int) -> None:
        """So many rows of a share are through."""
        with self._lock:
            self._done[cursor] = rows
            done = sum(self._done.values())
            self.advance(self.batches.name, done, max(self.batches.total, done))


@dataclass
class Worker:
    """Runs the batches of one share in a session of its own."""

    session: Session
    database: Database
    system: str
    step: str
    together: Together

    def run(self, share: Share) -> int:
        """Run them to the share's end, or until another worker fails; how many rows changed."""
        limits, batches = self.session.limits, self.together.batches
        timeouts = {"lock_timeout": f"{limits.lock_ms}ms", "statement_timeout": f"{limits.ddl}s"}
        with self.session.settings(**timeouts, **_SETTINGS), probing(self.database, batches.probed) as probe:
            self.session.execute(template("run_batches"))
            probe.look_after(share.after)
            changed_rows = self._run(share, probe)
        if not self.together.over:
            Passes(self.session, self.system, self.step).end(share.cursor)
        return changed_rows

    def _run(self, share: Share, probe: Probe | Blind) -> int:
        limits, batches = self.session.limits, self.together.batches
        pace = Pace(limits.batch_ms, max(batches.dealing.largest // len(self.together.shares), 1))
        changed_rows, watched, at_once, seen = 0, 0.0, 1, None
        time.sleep(_FIRST_LOOK)
        pace.after_rest(probe.worst())
        while seen != 0 and not self.together.over:
            if time.monotonic() - watched > _WATCH_EVERY:
                self._wait_for_snapshots(batches.name)
                watched = time.monotonic()
            try:
                after, rows, seen, changed, held_ms = self._call(
                    share, pace.size, max(at_once // batches.dealing.parts, 1)
                )
            except (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected):
                # Somebody holds one of these rows. Alone it can be waited for without holding up others.
                pace.blocked()
                at_once = 1
                time.sleep(limits.lock_ms / 1000)
                continue
            at_once = min(at_once + 1, _AT_ONCE)
            changed_rows += changed
            self.together.tell(share.cursor, rows)
            probe.look_after(after)
            rest = pace.after_batch(held_ms, probe.worst())
            if rest > 0:
                time.sleep(rest)
                pace.after_rest(probe.worst())
        return changed_rows

    def _call(self, share: Share, size: int, stretches: int) -> tuple[str | None, int, int, int, float]:
        """Some batches: where the cursor stands then, rows seen so far and in the last one, rows changed, and for how
        many milliseconds each held its rows.
        """
        batches = self.together.batches
        row = self.session.row(
            sql.SQL("call pg_temp.run_batches(%s, %s, %s, %s, %s, %s, null, null, null, null, null)"),
            [
                batches.text(self.session),
                [self.system, self.step, share.cursor],
                self.together.since,
                size,
                stretches,
                batches.dealing.parts,
            ],
        )
        assert row is not None
        return row

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
    correlation, pages, rows_of_page = row or (None, 0, 0)
    if correlation is None or abs(correlation) > _SCATTERED:
        return Dealing(parts=min(max(rows_of_page, _FEWEST_PARTS), _MOST_PARTS))
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
