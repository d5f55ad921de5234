"""Law 9 for builds: one that was cut off, at any table and in any way, and run again ends like one that was not.

A lock on a table stops the build right where it first writes there; then its backend is killed, or dbt, or the server
goes down. CRASHES says how often ("all": once at every table), SEED where and how.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import psycopg
import pytest
from builds import connect, one
from conftest import fresh_database
from histories import Contents, World, clear, contents, draw_histories, play
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from test_histories import VARIABLES, copy

from customer360 import legacy
from customer360.server import Server

SEED = int(os.environ.get("SEED", "360"))
CRASHES = os.environ.get("CRASHES", "3")
# Every table that an incremental build writes, in its order: operations, identity, canonical.
TABLES = (
    *("c360_ops.source_scans", "c360_ops.changed_records", "c360_ops.changed_names", "c360_ops.changed_identifiers"),
    *("c360_ops.changed_verdicts", "c360_ops.changed_edges", "c360_ops.changed_members", "c360_ops.build_history"),
    *("c360_intermediate.int_record_changes", "c360_intermediate.int_records", "c360_intermediate.int_overrides"),
    *("c360_intermediate.int_identifiers", "c360_intermediate.int_touched_identifiers"),
    *("c360_intermediate.int_ignored_identifiers", "c360_intermediate.int_edges"),
    *("c360_intermediate.int_contradicting_names", "c360_intermediate.int_reopened_records"),
    *("c360_intermediate.int_components", "c360_intermediate.int_clusters", "c360_intermediate.int_refused_edges"),
    *("c360_intermediate.int_touched_clusters", "c360_intermediate.int_golden_records"),
    *("c360_intermediate.int_touched_customers", "c360.customers", "c360.customer_redirects"),
    *("c360.legacy_customer_profile", "c360.customer_users", "c360.customer_service_requests", "c360.customer_leads"),
)
WAYS = ("backend", "dbt", "server")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own, for it goes down."""
    server = Server(tmp_path_factory.mktemp("crashes") / "data")
    server.start()
    with connect(server.url("postgres")) as admin:
        # Here processes die, not machines: what they wrote is safe with the kernel.
        admin.execute("alter system set fsync = off")
        admin.execute("select pg_reload_conf()")
    yield server
    server.destroy()


class Story:
    """Histories in a database: loaded, built, built again, and with a batch that no build has seen yet."""

    def __init__(self, server: Server, url: str) -> None:
        self.server, self.url = server, url
        legacy.generate(url, people=30)
        worlds = [World(no, history) for no, history in enumerate(draw_histories(30, SEED))]
        with connect(url) as connection:
            clear(connection)
            play(connection, worlds, 0)
        self.loaded = self.keep("loaded")
        finish(url)
        with connect(url) as connection:
            self.first = numbered(connection)
            play(connection, worlds, 1)
            finish(url)
            for step in (2, 3, 4):
                play(connection, worlds, step)
        self.changed = self.keep("changed")
        finish(url)
        with connect(url) as connection:
            self.last = numbered(connection)

    def keep(self, name: str) -> str:
        """A copy of the database as it stands."""
        kept = f"{conninfo_to_dict(self.url)['dbname']}_{name}"
        with connect(self.server.url("postgres")) as admin:
            admin.execute(
                sql.SQL("create database {} template {}").format(
                    sql.Identifier(kept), sql.Identifier(str(conninfo_to_dict(self.url)["dbname"]))
                )
            )
        return self.server.url(kept)


@pytest.fixture(scope="module")
def story(server: Server) -> Iterator[Story]:
    with fresh_database(server) as url:
        yield Story(server, url)


def command(*options: str) -> list[str]:
    tests = ("--exclude", "resource_type:test", "--exclude", "resource_type:unit_test")
    return [str(Path(sys.executable).with_name("c360")), "build", "--vars", VARIABLES, *tests, *options]


def start(url: str, *options: str) -> subprocess.Popen[str]:
    environment = os.environ | {"DATABASE_URL": url, "DBT_TARGET_PATH": "target/crashes"}
    return subprocess.Popen(
        command(*options), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def finish(url: str, *options: str) -> None:
    """A build that nothing stops."""
    process = start(url, *options)
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said


def numbered(connection: psycopg.Connection[Any]) -> Contents:
    """All that builds keep, with the records numbered without gaps: a run that dies may use numbers up."""
    places = {
        no: place
        for place, (no,) in enumerate(
            connection.execute("select record_no from c360_intermediate.int_records order by 1").fetchall()
        )
    }

    def place(name: str, value: Any) -> Any:
        if name == "provenance":
            return {attribute: places[no] for attribute, no in value.items()} if value else value
        return places[value] if value is not None and (name.endswith("_no") or "_no_" in name) else value

    return {
        history: {
            (table, json.dumps({name: place(name, value) for name, value in json.loads(row).items()}))
            for table, row in rows
        }
        for history, rows in contents(connection, of_history=True).items()
    }


def wait_for(what: str, look: Callable[[], int | None], seconds: float = 120) -> int:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (found := look()) is not None:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds} s")


def is_up(server: Server) -> int | None:
    try:
        with psycopg.connect(server.url("postgres")) as connection:
            return connection.info.backend_pid
    except psycopg.OperationalError:
        return None


def has_lost(connection: psycopg.Connection[Any]) -> int | None:
    try:
        connection.execute("select")
    except psycopg.OperationalError:
        return 1
    return None


def cut_off(server: Server, url: str, table: str, way: str, *options: str) -> None:
    """Start a build, stop it where it first writes `table`, and end it there in one `way`."""
    holder = psycopg.connect(url)
    holder.execute(sql.SQL("lock table {} in exclusive mode").format(sql.Identifier(*table.split("."))))
    process = start(url, *options)

    def blocked() -> int | None:
        assert process.poll() is None, f"the build ended before it wrote {table}: {process.communicate()[0]}"
        row = watcher.execute(
            "select pid from pg_stat_activity where %s = any (pg_blocking_pids(pid)) limit 1", [holder.info.backend_pid]
        ).fetchone()
        return row and int(row[0])

    try:
        with connect(server.url("postgres")) as watcher:
            pid = wait_for(f"a write to {table}", blocked)
        if way == "backend":
            os.kill(pid, signal.SIGKILL)
            wait_for("the server to notice", lambda: has_lost(holder))
        elif way == "dbt":
            process.kill()
        else:
            server.stop()
            server.start()
        wait_for("the server", lambda: is_up(server))
        holder.close()
        said, _ = process.communicate(timeout=120)
        assert process.returncode != 0, f"nothing cut the build off: {said}"
    finally:
        process.kill()


def cases() -> list[tuple[str, str, tuple[str, ...]]]:
    dice = random.Random(SEED)
    tables = list(TABLES) if CRASHES == "all" else dice.sample(TABLES, int(CRASHES))
    return [
        (table, way, dice.choice(((), (), ("--full-refresh",))))
        for table, way in zip(tables, cycle(dice.sample(WAYS, len(WAYS))), strict=False)
    ]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("table", "way", "options"), cases())
def test_a_build_that_was_cut_off_is_completed_by_the_next(
    story: Story, server: Server, table: str, way: str, options: tuple[str, ...]
) -> None:
    with copy(server, story.changed) as url:
        cut_off(server, url, table, way, *options)
        finish(url)
        with connect(url) as connection:
            assert numbered(connection) == story.last
            assert one(connection, "select count(*) from c360_ops.completed_build") == 1


@pytest.mark.timeout(1200)
def test_a_first_build_that_was_killed_any_time_is_completed_by_the_next(story: Story, server: Server) -> None:
    with copy(server, story.loaded) as url:
        process = start(url)
        time.sleep(random.Random(SEED).uniform(4, 12))
        process.kill()
        process.communicate()
        finish(url)
        with connect(url) as connection:
            assert numbered(connection) == story.first
