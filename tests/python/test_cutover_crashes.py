"""States that bite: locks held against each phase, what a dying index build leaves, a second operator."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import psycopg
import pytest
from builds import connect

from customer360.cutover.errors import BusyError, LockBudgetError
from customer360.cutover.session import Limits
from customer360.cutover.steps import PHASES
from customer360.server import Server
from cutovers import (
    BEFORE_CONTRACT,
    SYSTEMS,
    apply,
    checksums,
    copies,
    engine_on,
    manifest_of,
    rows,
)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_lock_held_against_each_phase(postgres: Server, built: str, system: str) -> None:
    """Somebody reads and writes for long: we give up in time, they and others are served, and later it goes on."""
    impatient = Limits(lock_wait=0.4, lock_ms=30)
    with copies(postgres, built) as (url,):
        for phase in PHASES:
            with psycopg.connect(url) as holder:
                for table in checksums(url, [system]):
                    holder.execute(f"lock table {table} in row exclusive mode".encode())
                # An index build waits for it to end; everything else gives up first.
                release = threading.Timer(1.0, holder.rollback)
                release.start()
                longest = _longest_wait(url, system, partial(_refused, url, system, phase, impatient))
                release.join()
            assert longest < 1.5  # of 0.03 s that are meant; the machine may be busy
            apply(url, system, phase)
        with engine_on(url, system) as engine:
            assert engine.verify() == []


def _refused(url: str, system: str, phase: str, limits: Limits) -> None:
    # A phase that takes no lock that conflicts goes through all the same.
    with suppress(LockBudgetError):
        apply(url, system, phase, limits=limits)


def _longest_wait(url: str, system: str, work: Callable[[], None]) -> float:
    """The longest that a writer waited while `work` ran."""
    table = manifest_of(system).references[0].table
    done, waits = threading.Event(), [0.0]

    def client() -> None:
        with connect(url) as connection:
            while not done.is_set():
                started = time.monotonic()
                connection.execute(f"delete from {system}.{table} where false".encode())
                waits.append(time.monotonic() - started)
                time.sleep(0.005)

    thread = threading.Thread(target=client)
    thread.start()
    try:
        work()
    finally:
        done.set()
        thread.join()
    return max(waits)


def test_an_invalid_index_is_built_anew(postgres: Server, built: str) -> None:
    """What CREATE INDEX CONCURRENTLY leaves when it dies behind a snapshot; IF NOT EXISTS would take it for good."""
    with copies(postgres, built) as (url,):
        apply(url, "crm", "expand", "backfill")
        with psycopg.connect(url) as old, connect(url) as builder:
            old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            old.execute("select count(*) from crm.leads_master")
            builder.execute("set statement_timeout = '300ms'")
            with pytest.raises(psycopg.errors.QueryCanceled):
                builder.execute(
                    "create index concurrently leads_master_canonical_customer_idx "
                    "on crm.leads_master (canonical_customer_id)"
                )
        valid = "select indisvalid from pg_index where indexrelid = 'crm.leads_master_canonical_customer_idx'::regclass"
        assert rows(url, valid) == [(False,)]
        apply(url, "crm", "constrain")
        assert rows(url, valid) == [(True,)]


def test_an_index_build_that_outlives_its_client(postgres: Server, built: str) -> None:
    """The client is killed while the build waits for a snapshot; the next command waits for the rest of it."""
    with copies(postgres, built) as (url,):
        apply(url, "crm", "expand", "backfill")
        with psycopg.connect(url) as old:
            old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            old.execute("select count(*) from crm.leads_master")
            pid = os.fork()
            if pid == 0:
                try:
                    apply(url, "crm", "constrain")
                finally:
                    os._exit(0)
            waiting = "select count(*) from pg_stat_progress_create_index where phase ~ 'waiting'"
            deadline = time.monotonic() + 20
            while rows(url, waiting) == [(0,)] and time.monotonic() < deadline:
                time.sleep(0.02)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        apply(url, "crm", *BEFORE_CONTRACT[2:])
        assert rows(url, "select count(*) from pg_index where not indisvalid") == [(0,)]


def test_a_constraint_that_is_there_but_not_valid(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,):
        apply(url, "crm", "expand", "backfill")
        rows(
            url,
            "alter table crm.leads_master add constraint leads_master_customer_fkey "
            "foreign key (canonical_customer_id) references c360.customers (customer_id) not valid",
        )
        apply(url, "crm", "constrain")
        assert rows(url, "select convalidated from pg_constraint where conname = 'leads_master_customer_fkey'") == [
            (True,)
        ]


def test_a_second_operator_is_told_who_is_at_work(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,), engine_on(url, "crm") as engine:
        pid = engine.work.session.connection.info.backend_pid
        with pytest.raises(BusyError, match=f"pid {pid}"), engine_on(url, "crm", limits=Limits(operator_wait=0.2)):
            pass
