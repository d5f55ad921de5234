"""What must hold before a build starts, so that it fails at once with a reason, not in the middle."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from customer360.errors import ConnectionSettingsError
from customer360.queries import query

OLDEST_VERSION = 15


@dataclass(frozen=True)
class Facts:
    """What the database says about itself (sql/preflight.sql)."""

    version_number: int
    version: str
    encoding: str
    is_read_only: bool
    database: str
    username: str
    may_create_schemas: bool
    has_extensions: bool


def preflight(connection: psycopg.Connection) -> Facts:
    """The database's facts; ConnectionSettingsError when a build cannot succeed on it."""
    with connection.cursor(row_factory=class_row(Facts)) as cursor:
        facts = cursor.execute(query("preflight")).fetchone()
    assert facts is not None
    for holds, problem, hint in _requirements(facts):
        if not holds:
            raise ConnectionSettingsError(problem, hint=hint)
    return facts


def _requirements(facts: Facts) -> list[tuple[bool, str, str]]:
    """(holds, what is wrong otherwise, the next step), the gravest first."""
    return [
        (
            facts.version_number >= OLDEST_VERSION * 10_000,
            f"The server is PostgreSQL {facts.version}; customer360 needs {OLDEST_VERSION} or newer.",
            "use a newer server, or leave DATABASE_URL unset for the embedded one.",
        ),
        (
            facts.encoding == "UTF8",
            f"The database {facts.database} is encoded in {facts.encoding}, so its text cannot be trusted: "
            "names in other scripts are lost or broken in it.",
            "use one made with: create database customer360 encoding 'UTF8' template template0",
        ),
        (
            not facts.is_read_only,
            f"The database {facts.database} is read only (a standby, or default_transaction_read_only).",
            "connect to the primary server.",
        ),
        (
            facts.may_create_schemas,
            f"{facts.username} may not create schemas in the database {facts.database}.",
            f'ask its owner for: grant create on database "{facts.database}" to "{facts.username}"',
        ),
        (
            facts.has_extensions,
            "The extensions pg_trgm and fuzzystrmatch, by which names are searched, are not on the server.",
            "install the server's contrib package (postgresql-contrib).",
        ),
    ]
