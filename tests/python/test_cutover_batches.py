"""What a backfill leaves of a table, and that it says so and waits before it would swell one."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest

from customer360.config import find_database
from customer360.cutover.engine import Report, engines
from customer360.cutover.errors import CutoverError
from customer360.cutover.session import Limits
from customer360.server import Server
from cutovers import apply, copies, engine_on, manifest_of, rows

# Many wide orders of known customers in full pages; {key} is their id.
ORDERS = """
    truncate commerce.orders;
    insert into commerce.orders (id, tenant_id, customer_id, order_code, status, placed_at)
    select {key}::uuid, c.tenant_id, c.id, 'G-' || n, repeat('wide ', 50), now()
    from generate_series(1, 10000) as n
    inner join (
        select *, row_number() over (order by id) as number, count(*) over () as many from commerce.customers
    ) as c on c.number = 1 + n % c.many;
"""
SIZE = "select pg_relation_size('commerce.orders')"


@pytest.mark.parametrize(
    "key", ["md5(n::text)", "lpad(n::text, 32, '0')"], ids=["scattered keys", "keys in heap order"]
)
def test_a_table_does_not_swell(postgres: Server, built: str, key: str) -> None:
    """Old row versions make room for new ones, also where a batch's rows are neighbours in the heap."""
    with copies(postgres, built) as (url,):
        rows(url, ORDERS.format(key=key))
        rows(url, "vacuum analyze commerce.orders")
        ((before,),) = rows(url, SIZE)
        apply(url, "commerce", "expand", "backfill")
        ((after,),) = rows(url, SIZE)
        assert rows(url, "select count(*) from commerce.orders where profile_id is null") == [(0,)]
        assert after <= 1.15 * before, f"grew by {after / before - 1:.0%}"


def test_an_old_snapshot_makes_a_backfill_wait_and_say_so(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,):
        apply(url, "crm", "expand")
        said: list[str] = []
        limits = Limits(snapshot_age=0.5, snapshot_wait=60)
        filled = "select count(canonical_customer_id) from crm.leads_master"

        def backfill() -> None:
            with engines(find_database(url), [manifest_of("crm")], limits, Report(tell=said.append)) as (engine,):
                engine.apply("backfill")

        with psycopg.connect(url) as reader:
            reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            reader.execute("select count(*) from crm.leads_master")
            time.sleep(limits.snapshot_age)
            operator = threading.Thread(target=backfill)
            operator.start()
            deadline = time.monotonic() + 30
            while not said:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            assert f"paused, pid {reader.info.backend_pid}" in said[0]
            assert rows(url, filled) == [(0,)]
        operator.join()
        assert rows(url, filled) > [(0,)]


def test_it_gives_up_in_the_end_or_goes_on_in_spite_of_it(postgres: Server, built: str) -> None:
    with copies(postgres, built) as (url,):
        apply(url, "crm", "expand")
        with psycopg.connect(url) as reader:
            reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            reader.execute("select count(*) from crm.leads_master")
            time.sleep(0.3)
            with pytest.raises(CutoverError, match="--snapshot-wait 0"):
                apply(url, "crm", "backfill", limits=Limits(snapshot_age=0.3, snapshot_wait=0.3))
            apply(url, "crm", "backfill", limits=Limits(snapshot_age=0.3, snapshot_wait=0))
        with engine_on(url, "crm") as engine:
            assert engine.verify() == []
