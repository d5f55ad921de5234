"""The operator's session: one connection with one advisory lock, and DDL that never makes the application wait.

A statement that needs a lock waits for it no longer than the lock budget, since whoever asks for that table behind
it waits too. Then it gives up, lets the queue pass and tries again, a little later each time.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import errors, sql

from customer360.config import Database
from customer360.cutover.errors import BusyError, LockBudgetError
from customer360.cutover.sql import Sql

# 'c360' in ASCII: the advisory lock of the one operator, and its second key.
_OPERATOR = (0x63333630, 1)
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 2.0
_HOLDERS = """
    select distinct a.pid, a.usename, a.application_name, a.state, now() - a.xact_start as since
    from pg_locks as l
    inner join pg_stat_activity as a using (pid)
    where l.locktype = 'relation' and l.granted and l.database = (
            select oid from pg_database where datname = current_database()
        )
        and l.pid <> pg_backend_pid() and a.xact_start is not null
    order by since desc
    limit 3
"""
_OPERATOR_NOW = """
    select a.pid, a.usename, a.application_name, a.backend_start
    from pg_locks as l
    inner join pg_stat_activity as a using (pid)
    where l.locktype = 'advisory' and l.granted and l.classid = %s and l.objid = %s
        and l.database = (select oid from pg_database where datname = current_database())
"""


@dataclass(frozen=True)
class Limits:
    """How long things may take; seconds unless the name says otherwise."""

    lock_ms: int = 50
    """The lock budget: how long the application may wait behind a statement that waits for a lock."""
    lock_wait: float = 600.0
    """How long to keep trying for a lock before giving up."""
    ddl: float = 5.0
    """Longest that a statement may run which blocks others while it runs."""
    idle: float = 30.0
    """Longest that a transaction of ours may stand open doing nothing."""
    operator_wait: float = 15.0
    """How long to wait for another operator, or for what is left of a killed one, to be gone."""
    batch_ms: float = 20.0
    """How long a batch may hold its rows, and a probe may stall."""
    snapshot_age: float = 20.0
    """An older snapshot than this makes a backfill pause: it would lose the HOT updates."""
    snapshot_wait: float = 600.0
    """How long to pause for it."""
    workers: int = 2
    """How many connections fill a large table at once."""
    worker_rows: int = 25_000
    """Fewer rows than this are not worth another one of them."""


@dataclass
class Session:
    """The operator's connection; in autocommit mode, so every statement is its own transaction unless said."""

    connection: psycopg.Connection
    limits: Limits = field(default_factory=Limits)
    tell: Callable[[str], None] = lambda message: None
    """Takes what the operator should know, one line at a time."""

    def execute(self, statement: Sql, parameters: Sequence[object] = ()) -> psycopg.Cursor:
        """Run one statement that takes no lock the application could wait for."""
        return self.connection.execute(statement, parameters or None, prepare=False)

    def row(self, statement: Sql, parameters: Sequence[object] = ()) -> tuple[Any, ...] | None:
        """The first row of a query."""
        return self.execute(statement, parameters).fetchone()

    def value(self, statement: Sql, parameters: Sequence[object] = ()) -> Any:
        """The first column of the first row; None where there is none."""
        row = self.row(statement, parameters)
        return row[0] if row else None

    def ddl(self, statements: Sequence[Sql], what: str, *, longest: float | None = None) -> None:
        """Run all statements in one transaction under the lock budget, as often as it takes.

        `longest` is how long each may run, in seconds; 0 is without a limit.
        """
        longest = self.limits.ddl if longest is None else longest
        deadline = time.monotonic() + self.limits.lock_wait
        pause = _FIRST_PAUSE
        told = False
        while True:
            try:
                with self.connection.transaction():
                    self._local("lock_timeout", f"{self.limits.lock_ms}ms")
                    self._local("statement_timeout", f"{longest}s")
                    for statement in statements:
                        self.execute(statement)
                return
            except (errors.LockNotAvailable, errors.DeadlockDetected):
                if time.monotonic() + pause > deadline:
                    raise LockBudgetError(
                        f"{what}: no lock within {self.limits.lock_wait:.0f} s of trying. {self._holders()}",
                        hint="end what holds it, or choose a quieter time; the same command goes on from here.",
                    ) from None
            if not told and pause > _FIRST_PAUSE * 8:
                self.tell(f"{what}: waiting for a lock, without queueing for it. {self._holders()}")
                told = True
            time.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, _LONGEST_PAUSE)

    @contextmanager
    def settings(self, **values: str) -> Iterator[None]:
        """Settings for a while; then they are what they were."""
        before = {name: self.value(sql.SQL("select current_setting(%s)"), [name]) for name in values}
        for name, value in values.items():
            self._set(name, value)
        try:
            yield
        finally:
            with suppress(psycopg.OperationalError):
                for name, value in before.items():
                    self._set(name, value)

    @contextmanager
    def unlimited(self) -> Iterator[None]:
        """For statements that block nobody and may take long: CONCURRENTLY and VALIDATE."""
        with self.settings(lock_timeout="0", statement_timeout="0", max_parallel_maintenance_workers="0"):
            yield

    def validate(self, statement: Sql, what: str) -> None:
        """Run a long statement whose lock is weak: it queues for the lock under the budget, then takes its time."""
        self.ddl([statement], what, longest=0)

    def _local(self, name: str, value: str) -> None:
        self.connection.execute("select set_config(%s, %s, true)", [name, value])

    def _set(self, name: str, value: str) -> None:
        self.connection.execute("select set_config(%s, %s, false)", [name, value])

    def _holders(self) -> str:
        rows = self.connection.execute(_HOLDERS).fetchall()
        said = [
            f"pid {pid} ({user}, {name or 'unnamed'}, {state}, since {since})" for pid, user, name, state, since in rows
        ]
        return "Oldest transactions with locks: " + "; ".join(said) if said else "Nothing holds a lock any more."


def prepare(connection: psycopg.Connection) -> None:
    """Settings of every connection of the cutover's: qualified names only, and no policy that hides rows from it."""
    connection.execute(
        "select set_config('search_path', 'pg_catalog', false), set_config('row_security', 'off', false)"
    )


@contextmanager
def operator(
    database: Database, limits: Limits | None = None, tell: Callable[[str], None] = lambda message: None
) -> Iterator[Session]:
    """The one operator's session; BusyError when there is another one."""
    limits = limits or Limits()
    with worker(database, limits) as session:
        _take_over(session.connection, limits)
        session.tell = tell
        yield session


@contextmanager
def worker(database: Database, limits: Limits) -> Iterator[Session]:
    """A session that works beside the operator's, on its behalf."""
    with database.connect(autocommit=True) as connection:
        connection.execute("select set_config('application_name', 'c360 cutover', false)")
        # Without this a CREATE INDEX goes on for hours after its client is gone, and keeps the advisory lock.
        connection.execute("select set_config('client_connection_check_interval', '1s', false)")
        connection.execute("select set_config('idle_in_transaction_session_timeout', %s, false)", [f"{limits.idle}s"])
        # What was reported as done survives a crash, however the server is set.
        connection.execute("select set_config('synchronous_commit', 'on', false)")
        prepare(connection)
        yield Session(connection, limits)


def _take_over(connection: psycopg.Connection, limits: Limits) -> None:
    deadline = time.monotonic() + limits.operator_wait
    while True:
        row = connection.execute("select pg_try_advisory_lock(%s, %s)", _OPERATOR).fetchone()
        if row and row[0]:
            return
        if time.monotonic() > deadline:
            holder = connection.execute(_OPERATOR_NOW, _OPERATOR).fetchone()
            who = "pid {} ({}, {}, connected {:%Y-%m-%d %H:%M:%S})".format(*holder) if holder else "somebody"
            raise BusyError(
                f"Another operator is at work on this database: {who}.",
                hint="let it end. If its terminal is gone: select pg_terminate_backend(<pid>).",
            )
        time.sleep(0.2)
