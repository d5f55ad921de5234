"""The application beside the migration: an open loop of reads and writes at a fixed rate, in a process of its own.

Requests arrive at random moments, `rate` a second on average, whether or not earlier ones have been answered. The
latency of a request counts from the moment it was due, so that a stall shows in every request that fell into it. The
application knows only `customer_id`; it connects as a role with plain rights on the shop's tables.

    python benchmarks/cutover_load.py URL --rate 400 --orders 100000 --log FILE     # until standard input closes
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import json
import os
import random
import sys
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import psycopg

CONNECTIONS = 16
_COLUMNS = "id, customer_id, order_code, status, total, currency, placed_at, delivery_address, items, revision"
_Connection = psycopg.AsyncConnection[Any]


@dataclass
class Application:
    """What the application knows: how many rows there were, and what it was told of its own writes."""

    orders: int
    customers: int
    dice: random.Random
    arrived: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    log: list[tuple[float, float, str, str]] = field(default_factory=list)
    """(due, answered, kind, SQLSTATE): times of the monotonic clock in seconds; '' where it succeeded."""

    async def read_order(self, connection: _Connection) -> None:
        """One order by its key."""
        await connection.execute(f"select {_COLUMNS} from commerce.orders where id = %s", [self._order()])

    async def read_orders(self, connection: _Connection) -> None:
        """A customer's latest orders."""
        await connection.execute(
            f"select {_COLUMNS} from commerce.orders where customer_id = %s order by created_at desc limit 10",
            [self._customer()],
        )

    async def update_order(self, connection: _Connection) -> None:
        """An order moves on; each update is counted in the row."""
        done = await connection.execute(
            "update commerce.orders set status = %s, revision = revision + 1, updated_at = now() where id = %s",
            [self.dice.choice(("paid", "delivered", "cancelled")), self._order()],
        )
        self.acknowledged["updates"] += done.rowcount

    async def insert_order(self, connection: _Connection) -> None:
        """A customer who is known orders."""
        await self._place(connection, self._customer())
        self.acknowledged["orders"] += 1

    async def new_customer(self, connection: _Connection) -> None:
        """Somebody arrives and orders, in one transaction."""
        self.arrived += 1
        customer, number = uuid.uuid4(), f"+2507{50_000_000 + self.arrived}"
        async with connection.transaction():
            await connection.execute(
                "insert into commerce.customers (id, tenant_id, wa_id, display_name) values (%s, 'acme', %s, %s)",
                [customer, number, f"Customer {number}"],
            )
            await self._place(connection, customer)
        self.acknowledged["orders"] += 1
        self.acknowledged["customers"] += 1

    async def insert_cart(self, connection: _Connection) -> None:
        """A customer fills a cart."""
        await connection.execute(
            "insert into commerce.carts (id, tenant_id, customer_id, total) values (%s, 'acme', %s, 1)",
            [uuid.uuid4(), self._customer()],
        )

    async def insert_session(self, connection: _Connection) -> None:
        """A customer comes back."""
        await connection.execute(
            "insert into commerce.sessions (id, tenant_id, customer_id, started_at) values (%s, 'acme', %s, now())",
            [uuid.uuid4(), self._customer()],
        )

    async def _place(self, connection: _Connection, customer: uuid.UUID) -> None:
        order = uuid.uuid4()
        await connection.execute(
            "insert into commerce.orders (id, tenant_id, customer_id, order_code, total, placed_at, delivery_address,"
            " items) values (%s, 'acme', %s, %s, 1200, now(), 'KG 11 St 4, Kigali', '[{\"sku\": \"SKU-1\"}]')",
            [order, customer, f"NEW-{order}"],
        )

    def _order(self) -> uuid.UUID:
        return _id("order", self.dice.randint(1, self.orders))

    def _customer(self) -> uuid.UUID:
        return _id("customer", self.dice.randint(1, self.customers))


# Shares of the requests in percent.
_MIX: tuple[tuple[int, Callable[[Application, _Connection], Awaitable[None]]], ...] = (
    (40, Application.read_order),
    (15, Application.read_orders),
    (20, Application.update_order),
    (14, Application.insert_order),
    (5, Application.new_customer),
    (3, Application.insert_cart),
    (3, Application.insert_session),
)


def _id(kind: str, number: int) -> uuid.UUID:
    return uuid.UUID(hashlib.md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest())


async def _serve(url: str, application: Application, due: asyncio.Queue[float | None]) -> None:
    """One connection of the pool: take the request that is due the longest, answer it, note how it went."""
    weights = [share for share, _ in _MIX]
    requests = [request for _, request in _MIX]
    connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
    async with connection:
        while (scheduled := await due.get()) is not None:
            request = application.dice.choices(requests, weights)[0]
            state = ""
            try:
                await request(application, connection)
            except psycopg.Error as error:
                state = error.sqlstate or "08000"
                application.failed[state] += 1
                if connection.broken:
                    connection = await psycopg.AsyncConnection.connect(url, autocommit=True)
            application.log.append((scheduled, time.monotonic(), request.__name__, state))


async def _arrive(rate: float, dice: random.Random, due: asyncio.Queue[float | None], stop: asyncio.Event) -> None:
    """Put requests into the queue when they are due."""
    scheduled = time.monotonic()
    while not stop.is_set():
        scheduled += dice.expovariate(rate)
        if (wait := scheduled - time.monotonic()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait) if wait > 1 else await asyncio.sleep(wait)
        due.put_nowait(scheduled)


async def _run(url: str, rate: float, application: Application) -> None:
    due: asyncio.Queue[float | None] = asyncio.Queue()
    stop = asyncio.Event()
    pool = [asyncio.create_task(_serve(url, application, due)) for _ in range(CONNECTIONS)]
    asyncio.get_running_loop().add_reader(sys.stdin, stop.set)
    gc.collect()
    gc.disable()  # a collection of this process is no stall of the database
    print("ready", flush=True)
    await _arrive(rate, random.Random(7), due, stop)
    for _ in pool:
        due.put_nowait(None)
    await asyncio.gather(*pool)


@click.command(help=__doc__)
@click.argument("url")
@click.option("--rate", type=float, required=True)
@click.option("--orders", type=int, required=True)
@click.option("--customers", type=int, required=True)
@click.option("--log", "log_file", type=click.Path(path_type=Path), required=True)
def main(url: str, rate: float, orders: int, customers: int, log_file: Path) -> None:
    """Run until standard input closes; leave the log and what was acknowledged in `log_file`."""
    # It stands for other machines, so the database's work must not keep it from noticing an answer.
    with contextlib.suppress(PermissionError):
        os.nice(-10)
    application = Application(orders, customers, random.Random(360))
    asyncio.run(_run(url, rate, application))
    log_file.write_text(
        json.dumps(
            {"acknowledged": application.acknowledged, "failed": application.failed, "requests": application.log}
        )
    )


if __name__ == "__main__":
    main()
