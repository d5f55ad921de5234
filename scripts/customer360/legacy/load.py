"""Puts the spooled rows into the database, in one transaction, so that a failure leaves what was there."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources

import psycopg
from psycopg import Connection, sql

from customer360.errors import LegacyDataError
from customer360.legacy.spool import Spool
from customer360.legacy.tables import SCHEMAS, TABLES, Table

MARK = "made by c360 demo"
Progress = Callable[[str, int, int], None]
_FOREIGN = """
    select nspname
    from pg_namespace
    where nspname = any(%(schemas)s) and obj_description(oid, 'pg_namespace') is distinct from %(mark)s
    order by nspname
"""


def refuse_foreign_schemas(connection: Connection) -> None:
    """Raise unless every schema that the generator would drop is one that it made."""
    rows = connection.execute(_FOREIGN, {"schemas": list(SCHEMAS), "mark": MARK}).fetchall()
    if rows:
        names = ", ".join(f'"{name}"' for (name,) in rows)
        raise LegacyDataError(
            f"made-up data would replace the schemas {names}, which `c360 demo` did not make.",
            hint="point DATABASE_URL at another database; replace=True drops these schemas for good.",
        )


def load(connection: Connection, spool: Spool, progress: Progress | None, *, replace: bool) -> None:
    """Drop the schemas, make them anew and fill them."""
    try:
        with connection.transaction():
            _load(connection, spool, progress, replace=replace)
    except psycopg.Error as error:
        raise LegacyDataError(
            f"the made-up legacy systems could not be written: {error}",
            hint="nothing was changed; the database must be UTF8 and let you create schemas in it.",
        ) from error


def _load(connection: Connection, spool: Spool, progress: Progress | None, *, replace: bool) -> None:
    if not replace:
        refuse_foreign_schemas(connection)
    for schema in SCHEMAS:
        name = sql.Identifier(schema)
        connection.execute(sql.SQL("drop schema if exists {} cascade").format(name))
        connection.execute(_script(f"{schema}.sql"))
        connection.execute(sql.SQL("comment on schema {} is {}").format(name, sql.Literal(MARK)))
    for table in TABLES:
        _copy(connection, table, spool, progress)
    for schema in SCHEMAS:
        connection.execute(_script(f"{schema}_keys.sql"))
    for table in TABLES:
        connection.execute(sql.SQL("analyze {}").format(sql.Identifier(table.schema, table.name)))


def _copy(connection: Connection, table: Table, spool: Spool, progress: Progress | None) -> None:
    """Copy one table; frozen, since it was made in this transaction and needs no vacuum to become so."""
    statement = sql.SQL("copy {} ({}) from stdin (freeze)").format(
        sql.Identifier(table.schema, table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    done, total = 0, spool.rows[table.qualified]
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in spool.blocks(table):
            copy.write(block)
            done += block.count(b"\n")
            if progress:
                progress(table.qualified, done, total)


def _script(name: str) -> bytes:
    return resources.files("customer360.legacy").joinpath("sql", name).read_bytes()
