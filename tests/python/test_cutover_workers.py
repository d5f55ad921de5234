"""Several workers fill a table together: the same rows as one, and nothing lost when one of them fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import psycopg
import pytest

from customer360.cutover.session import Limits
from customer360.server import Server
from cutovers import SYSTEMS, apply, checksums, copies, engine_on, rollback, rows, write

ALONE = Limits(workers=1)
THREE = Limits(workers=3, worker_rows=10)
SHARES = "select pass, rows, finished_at is not null from c360_ops.cursors where share_of is not null order by pass"
OURS = "select count(*) from pg_stat_activity where datname = current_database() and application_name like 'c360 %'"
# A share of its own meets something: {what} happens in every one of its batches.
IN_SHARE_2 = """
    create function c360_ops.in_share_2() returns trigger language plpgsql as $$
    begin
        if new.pass like '%, share 2' and new.rows > 0 then
            {what};
        end if;
        return new;
    end $$;
    create trigger in_share_2 before update on c360_ops.cursors for each row execute function c360_ops.in_share_2();
"""


def until(holds: Callable[[], bool]) -> None:
    """Wait for it, half a minute at most: a backend is there for a moment after its client has said goodbye."""
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("system", SYSTEMS)
def test_workers_fill_what_one_fills(postgres: Server, built: str, system: str) -> None:
    """By mapping and by link table, with rows that change meanwhile known to the next apply; and the way back."""
    with copies(postgres, built, 3) as (alone, together, untouched):
        for url, limits in ((alone, ALONE), (together, THREE)):
            rows(url, "analyze")
            apply(url, system, "expand", "backfill", limits=limits)
            shares = rows(url, SHARES)
            assert len(shares) >= 3 if limits is THREE else shares == []
            assert all(seen > 0 and finished for _, seen, finished in shares)
            write(url, system, 1)
            apply(url, system, "backfill", limits=limits)
        assert checksums(together, [system]) == checksums(alone, [system])
        with engine_on(together, system) as engine:
            assert engine.verify() == []
        write(untouched, system, 1)
        rollback(together, system)
        assert checksums(together, [system]) == checksums(untouched, [system])


def test_without_statistics_one_does_it_all(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,):
        rows(url, "delete from pg_statistic where starelid = 'commerce.orders'::regclass")
        rows(url, "alter table commerce.orders set (autovacuum_enabled = off)")
        apply(url, "commerce", "expand", "backfill", limits=THREE)
        assert [share for share in rows(url, SHARES) if share[0].startswith("orders.")] == []
        with engine_on(url, "commerce") as engine:
            assert engine.verify() == []


def test_one_worker_fails_and_all_stop(postgres: Server, built: str) -> None:
    """The error is the failing one's; the same command goes on with every share where it stood."""
    with copies(postgres, built) as (url,):
        rows(url, "analyze")
        apply(url, "commerce", "expand", limits=THREE)
        rows(url, IN_SHARE_2.format(what="raise 'share 2 is out of luck'"))
        with pytest.raises(psycopg.errors.RaiseException, match="out of luck"):
            apply(url, "commerce", "backfill", limits=THREE)
        until(lambda: rows(url, OURS) == [(0,)])
        finished = {name: done for name, _, done in rows(url, SHARES)}
        assert [done for name, done in finished.items() if name.endswith("share 2")] == [False]
        rows(url, "drop function c360_ops.in_share_2 cascade")
        apply(url, "commerce", "backfill", limits=THREE)
        assert all(done for _, _, done in rows(url, SHARES))
        with engine_on(url, "commerce") as engine:
            assert engine.verify() == []


def test_who_ends_the_operator_ends_the_workers(postgres: Server, built: str) -> None:
    """Also when the operator's own share is through, and it only waits for the others."""
    with copies(postgres, built) as (url,):
        rows(url, "analyze")
        apply(url, "commerce", "expand", limits=THREE)
        rows(url, IN_SHARE_2.format(what="perform pg_sleep(0.5)"))
        ended: list[BaseException] = []

        def backfill() -> None:
            try:
                apply(url, "commerce", "backfill", limits=Limits(workers=3, worker_rows=10, batch_ms=1))
            except psycopg.OperationalError as error:
                ended.append(error)

        operator = threading.Thread(target=backfill)
        operator.start()
        waiting = "select true from c360_ops.cursors where pass like '%share 1' and finished_at is not null"
        until(lambda: rows(url, waiting) != [])
        rows(
            url,
            "select pg_terminate_backend(pid) from pg_locks "
            "where locktype = 'advisory' and classid = 1664300592 and objid = 1 "
            "and database = (select oid from pg_database where datname = current_database())",
        )
        operator.join(timeout=30)
        assert ended
        until(lambda: rows(url, OURS) == [(0,)])
        rows(url, "drop function c360_ops.in_share_2 cascade")
        apply(url, "commerce", "backfill", limits=THREE)
        with engine_on(url, "commerce") as engine:
            assert engine.verify() == []


def test_a_ledger_from_before_the_workers(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,):
        rows(url, "analyze")
        apply(url, "crm", "expand", limits=THREE)
        rows(url, "alter table c360_ops.cursors drop column share_of, drop column until_key")
        apply(url, "crm", "backfill", limits=THREE)
        with engine_on(url, "crm") as engine:
            assert engine.verify() == []
