"""Cut off anywhere: kill -9 of the client and of the backend in every step of every system, forwards and backwards."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from builds import connect
from click.testing import Result

from customer360.cutover import ledger
from customer360.cutover.batches import Worker
from customer360.cutover.engine import Consent
from customer360.cutover.pace import Pace
from customer360.cutover.plan import plan
from customer360.cutover.session import Limits, Session
from customer360.cutover.steps import PHASES, Step
from customer360.cutover.switch.sync import DropShadowFunction
from customer360.server import Server
from cutovers import SYSTEMS, apply, checksums, copies, engine_on, manifest_of, rollback, rows, schema_dump

IN_TRANSACTION = psycopg.pq.TransactionStatus.INTRANS
EVERYTHING = Consent(True, True, ("require_customer", "mark_legacy_client"))
PLANS = {system: plan(manifest_of(system)) for system in SYSTEMS}
# That one has no work of its own.
AT_WORK = {
    system: [step for step in steps if not isinstance(step, DropShadowFunction)] for system, steps in PLANS.items()
}
State = tuple[dict[str, str], str]
# NOT NULL on request is refused as long as a row lacks its customer.
UNLINKED = {
    "booking": """
        delete from booking.appointments where id not in (select source_id from c360.customer_appointments);
        delete from booking.omni_conversations where id not in (select source_id from c360.customer_conversations);
    """,
    "field_service": """
        delete from field_service.service_tickets
        where id not in (select source_id from c360.customer_service_tickets)
    """,
}
# In the midst of the step that `crash.point` names, a session stops and lets itself be found: at the end of a DDL
# statement, or with the cursor moved and the batch not committed yet.
POINT = """
    create schema crash;
    create table crash.point (step text not null);
    create function crash.stop() returns void language plpgsql as $$
    begin
        perform set_config('application_name', 'at the point', false);
        loop
            begin
                perform pg_sleep(60);
            exception when query_canceled then
                null;  -- its statement_timeout
            end;
        end loop;
    end $$;
    create function crash.in_ddl() returns event_trigger language plpgsql as $$
    begin
        if exists (select from c360_ops.ledger join crash.point using (step) where state = 'started') then
            perform crash.stop();
        end if;
    end $$;
    create function crash.in_batch() returns trigger language plpgsql as $$
    begin
        if exists (select from crash.point where step = new.step) then
            perform crash.stop();
        end if;
        return new;
    end $$;
    create event trigger crash_in_ddl on ddl_command_end execute function crash.in_ddl();
    create trigger crash_in_batch before update on c360_ops.cursors for each row execute function crash.in_batch();
"""
# Steps that a rollback finishes without a DDL statement or a batch: the column, or the constraint, goes as a whole.
TAKEN_BACK_BY_ANOTHER = re.compile("fill .*|.* all rows")
STOPPED = "select pid from pg_stat_activity where application_name = 'at the point'"


def prepared(url: str, system: str) -> None:
    """A copy in which every step can be applied, those on request too."""
    if system in UNLINKED:
        rows(url, UNLINKED[system])


def state(server: Server, url: str, system: str) -> State:
    """Legacy data, archive and schema, and what the engine keeps, but for when and by whom."""
    tables = checksums(url, [system, "archive"])
    if rows(url, "select to_regclass('c360_ops.legacy_customer_profile') is not null") == [(True,)]:
        kept = rows(url, "select old_id, new_id, created from c360_ops.legacy_customer_profile order by 1")
        tables["mapping"] = str(kept)
    if rows(url, "select to_regclass('c360.customer_counters') is not null") == [(True,)]:
        tables["counters"] = str(rows(url, "select * from c360.customer_counters order by 1"))
    tables["ledger"] = str(rows(url, "select step, phase, state from c360_ops.ledger order by position"))
    stamp = re.compile(r"\d{8}t\d{6}")
    tables = {stamp.sub("", table): digest for table, digest in tables.items()}
    return tables, stamp.sub("", schema_dump(server, url, system, "archive"))


@pytest.fixture(scope="module")
def undisturbed(postgres: Server, built: str) -> Callable[[str], State]:
    """What a run that nothing cuts off leaves of a system."""
    found: dict[str, State] = {}

    def of(system: str) -> State:
        if system not in found:
            with copies(postgres, built) as (url,):
                prepared(url, system)
                apply(url, system, *PHASES, consent=EVERYTHING)
                found[system] = state(postgres, url, system)
        return found[system]

    return of


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def in_child(work: Callable[[], None]) -> bool:
    """Run `work` in a process of its own; whether it was killed there."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@contextmanager
def dying(moment: str, name: str) -> Iterator[None]:
    """Kill this process in the step `name`: in its first open transaction or behind its first batch, or at its end."""
    current: list[str] = []
    start, finish, execute, run_call = ledger.start, ledger.finish, Session.execute, Worker._call

    def started(session: Session, system: str, step: str, *rest: Any) -> None:
        start(session, system, step, *rest)
        current[:] = [step]

    def finished(session: Session, system: str, step: str, state: str) -> None:
        if step == name:
            die()  # at the end; or the step has no open transaction to be killed in
        finish(session, system, step, state)

    def executed(session: Session, statement: Any, parameters: Any = ()) -> Any:
        answer = execute(session, statement, parameters)
        in_transaction = session.connection.info.transaction_status is IN_TRANSACTION
        if moment == "midway" and current == [name] and in_transaction:
            die()
        return answer

    def called(worker: Worker, *rest: Any) -> Any:
        answer = run_call(worker, *rest)
        if moment == "midway" and worker.step == name:
            die()
        return answer

    with (
        patch.object(ledger, "start", started),
        patch.object(ledger, "finish", finished),
        patch.object(Session, "execute", executed),
        patch.object(Worker, "_call", called),
    ):
        yield


@pytest.mark.parametrize("system", SYSTEMS)
def test_killed_clients(postgres: Server, built: str, undisturbed: Callable[[str], State], system: str) -> None:
    """The client is killed in the midst and at the end of each step, there and back; the same command goes on."""
    with copies(postgres, built) as (url,):
        prepared(url, system)
        before = by_column(url, system)

        def killed(command: Callable[[], None], step: Step) -> None:
            for moment in ("midway", "done"):
                with dying(moment, step.name):
                    assert in_child(command), f"{step.name}: nobody was killed ({moment})"

        for phase in PHASES:
            command = partial(apply, url, system, phase, consent=EVERYTHING)
            for step in PLANS[system]:
                if step.phase == phase:
                    killed(command, step)
            command()
        assert state(postgres, url, system) == undisturbed(system)
        for step in reversed(PLANS[system]):
            killed(partial(rollback, url, system), step)
        rollback(url, system)
        assert by_column(url, system) == before


def test_a_killed_client_of_several_workers(postgres: Server, built: str) -> None:
    """Every share goes on where it stood."""
    three = Limits(workers=3, worker_rows=10)
    with copies(postgres, built) as (url,):
        rows(url, "analyze")
        apply(url, "commerce", "expand")
        with dying("midway", "fill orders.profile_id"):
            assert in_child(partial(apply, url, "commerce", "backfill", limits=three))
        shares = "select finished_at is not null from c360_ops.cursors where share_of = 'orders.profile_id'"
        assert (False,) in rows(url, shares)
        apply(url, "commerce", "backfill", limits=three)
        assert rows(url, shares) == [(True,)] * 3
        with engine_on(url, "commerce") as engine:
            assert engine.verify() == []


def by_column(url: str, system: str) -> dict[str, list[Any]]:
    """Rows as JSON, which does not care in which order the columns stand."""
    as_json = "select to_jsonb(t)::text from {} as t order by 1"
    return {table: rows(url, as_json.format(table)) for table in checksums(url, [system])}


@pytest.fixture
def crashing(postgres: Server) -> Iterator[Server]:
    """The server, which may be brought down; with fsync it would first sync all its files on each way up."""
    admin = postgres.url("postgres")
    rows(admin, "alter system set fsync = off")
    rows(admin, "select pg_reload_conf()")
    rows(admin, "checkpoint")  # or recovery has all that came before to do again
    yield postgres
    rows(admin, "alter system reset fsync")
    rows(admin, "select pg_reload_conf()")


def test_killed_backends(crashing: Server, built: str, undisturbed: Callable[[str], State]) -> None:
    """The backend is killed in the midst of each step, there and back, and with it the server goes down; the same
    command goes on.

    One crash serves all systems, each in a database of its own and there in the midst of a step of its own.
    """
    before = {}
    with copies(crashing, built, len(SYSTEMS)) as urls, ThreadPoolExecutor(len(SYSTEMS)) as operators:
        url_of = dict(zip(SYSTEMS, urls, strict=True))
        for system, url in url_of.items():
            prepared(url, system)
            before[system] = by_column(url, system)
            with engine_on(url, system) as engine:
                ledger.create(engine.work.session)
            rows(url, POINT)
        spared = {(system, step.name) for system, steps in AT_WORK.items() for step in steps}
        for number in range(max(map(len, AT_WORK.values()))):
            running: dict[str, Future[None]] = {}
            for system, steps in AT_WORK.items():
                if number < len(steps):
                    rows(url_of[system], "delete from crash.point")
                    rows(url_of[system], "insert into crash.point values (%s)", [steps[number].name])
                    running[system] = operators.submit(_apply_up_to, url_of[system], system, number)
            spared -= {(system, AT_WORK[system][number].name) for system in _crash(crashing, running)}
        assert spared == set()
        for system, url in url_of.items():
            rows(url, "delete from crash.point")
            apply(url, system, "contract", consent=EVERYTHING)
            assert state(crashing, url, system) == undisturbed(system)
        spared = _go_back(crashing, operators, url_of)
        assert [step for _, step in spared if not TAKEN_BACK_BY_ANOTHER.fullmatch(step)] == []
        for system, url in url_of.items():
            assert by_column(url, system) == before[system]


def _go_back(server: Server, operators: ThreadPoolExecutor, url_of: dict[str, str]) -> set[tuple[str, str]]:
    """Roll every system back, killed once in each step; in which steps nobody could be killed."""
    left = {system: {step.name for step in AT_WORK[system]} for system in url_of}
    unfinished = list(url_of)
    while unfinished:
        for system in unfinished:
            rows(url_of[system], "delete from crash.point")
            rows(url_of[system], "insert into crash.point select unnest(%s::text[])", [list(left[system])])
        killed = _crash(server, {system: operators.submit(rollback, url_of[system], system) for system in unfinished})
        for system in killed:
            ((step,),) = rows(url_of[system], "select step from c360_ops.ledger where state = 'started'")
            left[system].remove(step)
        unfinished = killed
    return {(system, step) for system, steps in left.items() for step in steps}


def _apply_up_to(url: str, system: str, number: int) -> None:
    """The same command again after a crash, and the next phase's where that was a phase's last step."""
    steps = AT_WORK[system]
    phases = dict.fromkeys(step.phase for step in steps[max(number - 1, 0) : number + 1])
    apply(url, system, *phases, consent=EVERYTHING)


def _crash(server: Server, running: dict[str, Future[None]]) -> list[str]:
    """Wait until everybody is at the point, or through; kill who is there; wait for the server. Who was killed."""
    deadline = time.monotonic() + 120
    with psycopg.connect(server.url("postgres"), autocommit=True) as watcher:
        while True:
            stopped = [pid for (pid,) in watcher.execute(STOPPED)]
            if len(stopped) + sum(each.done() for each in running.values()) >= len(running):
                break
            assert time.monotonic() < deadline
            time.sleep(0.01)
        for pid in stopped:
            with suppress(ProcessLookupError):  # gone already: with the first of them the server goes down
                os.kill(pid, signal.SIGKILL)
    ends = {system: each.exception() for system, each in running.items()}
    killed = [system for system, end in ends.items() if isinstance(end, psycopg.OperationalError)]
    assert len(killed) == len(stopped) == sum(end is not None for end in ends.values()), ends
    _wait_for(server, stopped, deadline)
    return killed


def _wait_for(server: Server, killed: list[int], deadline: float) -> None:
    """Until the server is up again, after it went down with these backends."""
    while killed:
        assert time.monotonic() < deadline
        try:
            with connect(server.url("postgres")) as connection:
                if connection.execute("select from pg_stat_activity where pid = any(%s)", [killed]).rowcount == 0:
                    break
        except psycopg.OperationalError:
            time.sleep(0.02)


# Each share stops with its first batch committed and its second one not.
IN_SECOND_BATCH = """
    create or replace function crash.in_batch() returns trigger language plpgsql as $$
    begin
        if old.rows > 0 and new.rows > old.rows and new.share_of = 'orders.profile_id' then
            perform crash.stop();
        end if;
        return new;
    end $$
"""
SHARES = """
    select rows > 0, finished_at is not null from c360_ops.cursors where share_of = 'orders.profile_id' order by pass
"""


def test_a_killed_backend_of_several_workers(crashing: Server, built: str, c360: Callable[..., Result]) -> None:
    """One worker's backend is killed, and with it the server goes down under all of them; every share goes on."""
    admin, deadline = crashing.url("postgres"), time.monotonic() + 120
    backfill = partial(c360, "apply", "backfill", "--system", "commerce", "--workers", "3")
    with (
        patch("customer360.cutover.session.Limits", partial(Limits, worker_rows=10)),
        patch.object(Pace, "size", 10),
        ThreadPoolExecutor(1) as operator,
        copies(crashing, built, 2) as (url, undisturbed_url),
    ):
        for each in (url, undisturbed_url):
            rows(each, "analyze")
            apply(each, "commerce", "expand")
        rows(url, POINT)
        rows(url, IN_SECOND_BATCH)
        running = operator.submit(backfill, DATABASE_URL=url)
        while len(stopped := [pid for (pid,) in rows(admin, STOPPED)]) < 3:
            assert time.monotonic() < deadline
            assert not running.done(), running.result().output
            time.sleep(0.02)
        rows(admin, "checkpoint")  # the batches do not wait for the disk, and those before would be lost with it
        beside = rows(admin, STOPPED + " and pid not in (select pid from pg_locks where locktype = 'advisory')")
        assert len(beside) == 2
        os.kill(beside[0][0], signal.SIGKILL)
        failed = running.result(timeout=60)
        assert failed.exit_code == 1
        assert re.search("The database said: .*(closed the connection|crash of another server process)", failed.output)
        _wait_for(crashing, stopped, deadline)
        assert rows(url, SHARES) == [(True, False)] * 3

        rows(url, "drop trigger crash_in_batch on c360_ops.cursors")
        for each in (url, undisturbed_url):
            again = backfill(DATABASE_URL=each)
            assert again.exit_code == 0, again.output
            assert rows(each, SHARES) == [(True, True)] * 3
            with engine_on(each, "commerce") as engine:
                assert engine.verify() == []
        assert state(crashing, url, "commerce") == state(crashing, undisturbed_url, "commerce")
