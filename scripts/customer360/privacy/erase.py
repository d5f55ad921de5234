"""Takes one customer out of every table, in one transaction, and leaves a tombstone that says nothing about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from rich.console import Console

from customer360.config import Database
from customer360.dbt import lock_builds
from customer360.dbt_progress import progress_bar
from customer360.privacy.errors import PrivacyError
from customer360.privacy.legacy import legacy_holdings, unread_keys
from customer360.privacy.places import Holding, project_holdings
from customer360.privacy.sources import legacy_sources
from customer360.privacy.subject import Subject, find_subject, with_unread
from customer360.project import project_dir
from customer360.queries import query

_LOCK_WAIT = "5s"
_VACUUM_WAIT = "30s"
REMAINS = (
    "the write-ahead log, replicas until they have replayed it, and archived WAL: until your retention ends them",
    "backups and dumps of this database: let them expire, or run this erasure again after a restore",
    "dead rows that VACUUM could not remove yet because somebody's snapshot still sees them, and bytes of pages that "
    "no row uses",
    "server logs, where statements or error details are logged; dbt's own files in target/ where a build failed",
    "whatever other systems took from these tables: exports, replicas by subscription, caches",
)


@dataclass(frozen=True)
class Finding:
    """Who it is about, and where something of them is held."""

    subject: Subject
    holdings: tuple[Holding, ...]
    left: tuple[str, ...]
    """What this command cannot reach, each with the reason."""
    doubts: int
    """Pairs of records whose names contradict one another."""


def find(
    database: Database, connection: psycopg.Connection, reference: str, tenant: str | None, *, keep_legacy: bool = False
) -> Finding:
    """All that is held of the customer that `reference` names."""
    sources = legacy_sources(database.schema)
    subject = find_subject(database, connection, reference, tenant)
    unread = unread_keys(database, connection, subject, sources)
    subject = with_unread(database, connection, subject, unread)
    legacy = legacy_holdings(connection, subject, sources)
    theirs = [holding for holding in legacy.holdings if not keep_legacy or holding.action == "deleted"]
    left = list(legacy.unreachable)
    left += [
        f"{holding.name}: the legacy rows stay as they are (--keep-legacy)"
        for holding in legacy.holdings
        if holding not in theirs
    ]
    ours = project_holdings(database, connection, beside={holding.name for holding in legacy.holdings})
    # The customer first: triggers of the cutover copy its values into legacy rows whose own are blanked.
    holdings = [*sorted(ours, key=lambda holding: holding.action == "deleted"), *theirs]
    names, parameters = database.schemas, subject.parameters()
    for (override,) in connection.execute(query("erasure_seed_decisions", **names), parameters):
        left.append(f"seeds/match_overrides.csv: decision {override} names a record; take the row out of the file")
    doubts = connection.execute(query("erasure_doubts", **names), parameters).fetchone()
    return Finding(subject, tuple(holdings), tuple(left), doubts[0] if doubts else 0)


@contextmanager
def still(database: Database, connection: psycopg.Connection) -> Iterator[None]:
    """A transaction in which nothing is built, and which waits for nobody long."""
    lock_builds(connection, database.schema)
    with connection.transaction():
        connection.execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(_LOCK_WAIT)))
        _settle(connection)
        yield


@contextmanager
def snapshot(connection: psycopg.Connection) -> Iterator[None]:
    """A transaction that sees one state of everything and writes nothing."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        _settle(connection)
        yield


def _settle(connection: psycopg.Connection) -> None:
    """As builds do: indexes rather than scans, UTC, and no policy that passes for emptiness."""
    connection.execute("set local random_page_cost = 1.1")
    connection.execute("set local timezone = 'UTC'")
    connection.execute("set local row_security = off")


def planned(
    database: Database, connection: psycopg.Connection, reference: str, tenant: str | None, *, keep_legacy: bool
) -> tuple[Finding, list[dict[str, Any]]]:
    """What an erasure would do, without doing it: where, what, to how many rows."""
    with snapshot(connection):
        found = find(database, connection, reference, tenant, keep_legacy=keep_legacy)
        parameters = found.subject.parameters()
        counts = [(holding, holding.count(connection, parameters)) for holding in found.holdings]
    return found, _listed(counts)


def erase(
    database: Database,
    connection: psycopg.Connection,
    reference: str,
    tenant: str | None,
    *,
    keep_legacy: bool,
    console: Console | None = None,
) -> dict[str, Any]:
    """Erase the customer; the certificate. Nothing is done where anything fails."""
    with _in_words(), still(database, connection), progress_bar(console) as progress:
        names = database.schemas
        connection.execute(
            query("erasure_hold_intake", **names), find_subject(database, connection, reference, tenant).parameters()
        )
        found = find(database, connection, reference, tenant, keep_legacy=keep_legacy)
        subject = found.subject
        parameters = {**subject.parameters(), "customer_id": subject.customer_id}
        connection.execute(query("erasure_note_others", **names), parameters)
        counts = [
            (holding, holding.take_out(connection, parameters))
            for holding in progress.track(found.holdings, description="taking the customer out")
        ]
        tombstone = connection.execute(query("erasure_tombstone", **names), parameters).fetchone()
        assert tombstone is not None
        erasure_id, erased_at, erased_by, records, identifiers = tombstone
        certificate = {
            "erasure_id": erasure_id,
            "customer_id": str(subject.customer_id) if subject.customer_id else None,
            "customer_ids": [str(customer_id) for customer_id in subject.customer_ids],
            "erased_at": erased_at.isoformat(timespec="seconds"),
            "erased_by": erased_by,
            "database": connection.info.dbname,
            "removed": _listed(counts),
            "tombstones": {"records": records, "identifiers": identifiers},
            "left_to_do": [*found.left, *_files()],
            "remains_until_it_expires": list(REMAINS),
        }
        connection.execute(
            query("erasure_certify", **names), {"certificate": Jsonb(certificate), "erasure_id": erasure_id}
        )
    # The logs are small, and statistics may be old.
    renewed = [holding for holding, rows in counts if rows or holding.schema == database.schemas["ops"]]
    held = _vacuum(connection, renewed, [holding for holding, _ in counts], console)
    return {**certificate, "left_to_do": [*certificate["left_to_do"], *held]}


def _listed(counts: list[tuple[Holding, int]]) -> list[dict[str, Any]]:
    return [
        {"table": holding.name, "rows": rows, "what": holding.action}
        for holding, rows in sorted(counts, key=lambda item: item[0].name)
        if rows
    ]


def _files() -> list[str]:
    """Dumps that the cutover took before it began; they lie where it was told to put them."""
    folder = project_dir() / ".c360" / "backups"
    return [f"{folder.name}/{path.name}: a dump of legacy tables; delete it once you need it no more"
            for path in sorted(folder.glob("*.dump"))]  # fmt: skip


def _vacuum(
    connection: psycopg.Connection, renewed: list[Holding], holdings: list[Holding], console: Console | None
) -> list[str]:
    """Remove the dead rows, and renew the planner's statistics, which quote values; the tables that somebody holds.

    Statistics of a worklist that the last build emptied quote what was in it, so every table is looked at.
    """
    connection.execute(sql.SQL("set lock_timeout = {}").format(sql.Literal(_VACUUM_WAIT)))
    left = []
    with progress_bar(console) as progress:
        for holding in progress.track(holdings, description="removing dead rows"):
            try:
                if holding in renewed:
                    table = sql.Identifier(holding.schema, holding.table)
                    connection.execute(sql.SQL("vacuum (analyze) {}").format(table))
                _forget_statistics(connection, holding)
            except (psycopg.errors.LockNotAvailable, psycopg.errors.FeatureNotSupported):
                left.append(f"{holding.name}: somebody holds it; vacuum (analyze) it later, or let autovacuum do it")
    return left


def _forget_statistics(connection: psycopg.Connection, holding: Holding) -> None:
    """ANALYZE keeps what it knew of a table that is empty now; to give a column its type again makes it forget."""
    table = sql.Identifier(holding.schema, holding.table)
    is_empty = sql.SQL("select not exists (select from {})").format(table)
    if holding.action != "deleted" or connection.execute(is_empty).fetchone() != (True,):
        return
    given = {"schema": holding.schema, "table": holding.table}
    for column, kind in connection.execute(query("kept_statistics"), given).fetchall():
        connection.execute(
            sql.SQL("alter table {} alter column {} type {}").format(table, sql.Identifier(column), sql.SQL(kind))
        )


@contextmanager
def _in_words() -> Iterator[None]:
    """Say what stands in the way, and that nothing was done; without the values that the server's details quote."""
    try:
        yield
    except psycopg.errors.LockNotAvailable:
        raise PrivacyError(
            f"Somebody holds rows of this customer for longer than {_LOCK_WAIT}; nothing was erased.",
            hint="see who: select * from pg_stat_activity where state <> 'idle'; then run this again.",
        ) from None
    except psycopg.errors.InsufficientPrivilege as error:
        raise PrivacyError(
            f"This role may not do it: {error.diag.message_primary}; nothing was erased.",
            hint="erase as the owner of the tables, or leave the legacy tables to their own procedure: --keep-legacy.",
        ) from None
    except psycopg.errors.IntegrityError as error:
        raise PrivacyError(
            f"The table {error.diag.schema_name}.{error.diag.table_name} refuses a blank: "
            f"{error.diag.constraint_name or error.diag.column_name}; nothing was erased.",
            hint="let that constraint take NULL or the word erased (docs/privacy.md), then run this again.",
        ) from None
