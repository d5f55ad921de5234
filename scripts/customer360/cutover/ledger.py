"""What was done, when, by whom and with which content: the schema c360_ops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import sql
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from customer360.cutover.session import Session

SCHEMA = "c360_ops"
_CREATE = """
    create schema if not exists c360_ops;
    create table if not exists c360_ops.ledger (
        system text not null,
        step text not null,
        phase text not null,
        position integer not null,
        checksum text not null,
        state text not null check (state in ('started', 'applied', 'reverted')),
        started_at timestamptz not null default now(),
        finished_at timestamptz,
        operator text not null default session_user,
        detail jsonb not null default '{}',
        primary key (system, step)
    );
    create table if not exists c360_ops.cursors (
        system text not null,
        step text not null,
        pass text not null,
        last_key text,
        rows bigint not null default 0,
        watermark timestamptz,
        horizon timestamptz,
        finished_at timestamptz,
        primary key (system, step, pass)
    );
    -- A worker's share of a pass: the pass, and the last key that is the worker's (NULL: to the end).
    alter table c360_ops.cursors
        add column if not exists share_of text, add column if not exists until_key text;
"""
_CURRENT = """
    select exists (
        select from pg_attribute where attrelid = to_regclass('c360_ops.cursors') and attname = 'until_key'
    )
"""


@dataclass(frozen=True)
class Entry:
    """One step of one system, as the ledger has it."""

    system: str
    step: str
    phase: str
    position: int
    checksum: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    operator: str
    detail: dict[str, Any]


def create(session: Session) -> None:
    """Make the ledger where there is none, or an older one."""
    if not session.value(sql.SQL(_CURRENT)):
        session.ddl([sql.SQL(_CREATE)], "creating the ledger")


def exists(session: Session) -> bool:
    """Whether anything was ever applied here."""
    return session.value(sql.SQL("select to_regclass('c360_ops.cursors') is not null")) is True


def entries(session: Session, system: str) -> dict[str, Entry]:
    """The ledger of one system by step, in order."""
    if not exists(session):
        return {}
    with session.connection.cursor(row_factory=class_row(Entry)) as cursor:
        cursor.execute("select * from c360_ops.ledger where system = %s order by position", [system])
        return {entry.step: entry for entry in cursor.fetchall()}


def start(session: Session, system: str, step: str, phase: str, position: int, checksum: str) -> None:
    """Say that a step is about to be applied. What an earlier, interrupted try noted down is kept."""
    session.execute(
        sql.SQL("""
            insert into c360_ops.ledger (system, step, phase, position, checksum, state)
            values (%s, %s, %s, %s, %s, 'started')
            on conflict (system, step) do update set
                phase = excluded.phase, position = excluded.position, checksum = excluded.checksum, state = 'started',
                started_at = now(), finished_at = null, operator = session_user,
                detail = case when ledger.state = 'reverted' then '{}' else ledger.detail end
        """),
        [system, step, phase, position, checksum],
    )


def finish(session: Session, system: str, step: str, state: str) -> None:
    """Say that a step was applied or reverted."""
    session.execute(
        sql.SQL("update c360_ops.ledger set state = %s, finished_at = now() where system = %s and step = %s"),
        [state, system, step],
    )


def note(session: Session, system: str, step: str, detail: dict[str, Any]) -> None:
    """Keep what a way back needs; what is noted first stays."""
    session.execute(
        sql.SQL("update c360_ops.ledger set detail = %s || detail where system = %s and step = %s"),
        [Jsonb(detail), system, step],
    )


def noted(session: Session, system: str, step: str) -> dict[str, Any]:
    """What a step noted down; nothing where none was ever begun."""
    if not exists(session):
        return {}
    row = session.row(sql.SQL("select detail from c360_ops.ledger where system = %s and step = %s"), [system, step])
    return dict(row[0]) if row else {}


def forget_cursors(session: Session, system: str, step: str) -> None:
    """Let a step's batches start afresh."""
    session.execute(sql.SQL("delete from c360_ops.cursors where system = %s and step = %s"), [system, step])
