"""What a client feels beside a backfill: a tiny write, due every few milliseconds, on a row of the batch at work."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import sql

from customer360.config import Database
from customer360.cutover.sql import Probed

_EVERY = 0.01


class Probe:
    """Locks, and at once releases, the first row behind a key, again and again, and keeps the longest wait.

    The wait counts from when the probe was due, so that a stall is seen in full however many probes it swallowed.
    """

    def __init__(self, database: Database, probed: Probed) -> None:
        """Open a connection of its own."""
        table, key, key_type = probed
        self._statement = sql.SQL(
            "select from {table} where %(after)s::{type} is null or {key} > %(after)s::{type} "
            "order by {key} limit 1 for no key update"
        ).format(table=table, key=key, type=key_type)
        self._connection = database.connect(autocommit=True)
        self._connection.execute("select set_config('application_name', 'c360 probe', false)")
        self._connection.execute("set lock_timeout = '2s'")
        self._thread = threading.Thread(target=self._run, name="probe", daemon=True)
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._after: str | None = None
        self._worst = 0.0
        self._due: float | None = None

    def start(self) -> None:
        """Begin probing."""
        self._thread.start()

    def stop(self) -> None:
        """Stop probing and disconnect."""
        self._stopped.set()
        self._thread.join(timeout=5)
        with suppress(psycopg.Error):
            self._connection.close()

    def look_after(self, key: str | None) -> None:
        """Say where the next batch works."""
        with self._lock:
            self._after = key

    def worst(self) -> float:
        """The longest wait since this was last asked, in milliseconds; one that still lasts counts so far."""
        with self._lock:
            waiting = (time.monotonic() - self._due) * 1000 if self._due is not None else 0.0
            worst, self._worst = max(self._worst, waiting), 0.0
        return worst

    def _run(self) -> None:
        """Probe until stopped, or until the connection is lost: the batches will notice that by themselves."""
        due = time.monotonic()
        with suppress(psycopg.OperationalError):
            while not self._stopped.is_set():
                with self._lock:
                    after, self._due = self._after, due
                with suppress(psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                    self._connection.execute(self._statement, {"after": after}, prepare=False)
                now = time.monotonic()
                with self._lock:
                    self._worst, self._due = max(self._worst, (now - due) * 1000), None
                due = max(due + _EVERY, now)
                self._stopped.wait(max(due - now, 0.0))


class Blind:
    """A probe where nobody looks: it never sees a wait."""

    def look_after(self, key: str | None) -> None:
        """Nothing to look after."""

    def worst(self) -> float:
        """No wait was seen."""
        return 0.0


@contextmanager
def probing(database: Database, probed: Probed | None) -> Iterator[Probe | Blind]:
    """Probe `probed` (table, key, type of the key) while the block runs; without it there is nothing to see."""
    if probed is None:
        yield Blind()
        return
    probe = Probe(database, probed)
    probe.start()
    try:
        yield probe
    finally:
        probe.stop()
