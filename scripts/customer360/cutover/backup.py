"""A dump of what a cutover will touch, taken before it does, with the command that brings it back."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedWriter
from pathlib import Path

import psycopg

from customer360.config import Database
from customer360.cutover.errors import CutoverError
from customer360.cutover.manifest import Manifest
from customer360.errors import ServerError
from customer360.profiles import libpq_variables
from customer360.server import embedded_binaries

_SHOWN = 4000
# A dump beside a live application: little work for the processor, and never much that waits to be written, since the
# server's commits would wait behind it.
_OPTIONS = ("--format=custom", "--compress=1", "--no-password", "--lock-wait-timeout=5s")
_STRETCH = 1 << 23


@dataclass(frozen=True)
class Backup:
    """A dump that was taken."""

    file: Path
    restore: str
    """The command that gives the tables the rows of the dump again, as a superuser; it holds no secret."""


def take(database: Database, manifest: Manifest, phase: str, folder: Path) -> Backup:
    """Dump the system's tables with pg_dump; CutoverError where that cannot be done, and then no file is left."""
    with database.connect(autocommit=True) as connection:
        environment = os.environ | libpq_variables(connection)
        version = connection.info.server_version // 10_000
        kept = [table for table in manifest.tables if _is_table(connection, manifest.legacy_schema, table)]
    program = _pg_dump(version)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{manifest.system}-{phase}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
    # Quoted, a name is taken as it is and not as a pattern.
    tables = [f'--table="{manifest.legacy_schema}"."{table}"' for table in kept]
    # Written here, not by pg_dump: the file is then the operator's own, and private.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as output:
            said = _dump([program, *_OPTIONS, *tables], environment, output)
    except OSError as error:
        said = str(error)
    except BaseException:
        file.unlink()
        raise
    if said:
        file.unlink()
        raise CutoverError(
            f"The backup of {manifest.system} failed: {said[-_SHOWN:].strip()}",
            hint="mend that, or go on without one: --no-backup.",
        )
    return Backup(file, _restore(database, manifest.legacy_schema, kept, file))


def _dump(command: list[str], environment: dict[str, str], file: BufferedWriter) -> str:
    """Write the dump, stretch by stretch onto the disk; what went wrong, if anything did."""
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors) as dump:
            assert dump.stdout is not None
            while stretch := dump.stdout.read(_STRETCH):
                file.write(stretch)
                file.flush()
                os.fdatasync(file.fileno())
        errors.seek(0)
        said = errors.read().decode(errors="replace")
    return (said or f"pg_dump ended with {dump.returncode}") if dump.returncode else ""


def _restore(database: Database, schema: str, tables: list[str], file: Path) -> str:
    """The rows alone: views and foreign keys of others stand on the tables, which therefore stay."""
    names = ", ".join(f'"{schema}"."{table}"' for table in tables)
    url = shlex.quote(database.url)
    # Triggers are off meanwhile, foreign keys among them: tables come back in any order.
    return (
        f"psql {url} -c {shlex.quote(f'truncate {names}')} && "
        f"pg_restore --dbname={url} --data-only --disable-triggers --single-transaction {shlex.quote(str(file))}"
    )


def _is_table(connection: psycopg.Connection, schema: str, table: str) -> bool:
    statement = "select exists (select from pg_tables where schemaname = %s and tablename = %s)"
    return connection.execute(statement, [schema, table]).fetchone() == (True,)


def _pg_dump(version: int) -> str:
    """A pg_dump that is no older than the server."""
    found = []
    for program in _programs():
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
        if (match := re.search(r"(\d+)", said)) and int(match[1]) >= version:
            return program
        found.append(f"{program} ({said.strip() or 'does not run'})")
    raise CutoverError(
        f"There is no pg_dump of version {version} or newer: {', '.join(found) or 'none at all'}.",
        hint="install the server's client programs, or go on without a backup: --no-backup.",
    )


def _programs() -> Iterator[str]:
    if on_path := shutil.which("pg_dump"):
        yield on_path
    try:
        yield str(embedded_binaries() / "pg_dump")
    except ServerError:
        return
