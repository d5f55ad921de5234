"""What a build would change, found out without writing: the build runs on a copy in schemas of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import class_row
from rich.console import Console
from rich.table import Table

from customer360.config import Database
from customer360.dbt import BuildOptions, build
from customer360.dbt_progress import progress_bar
from customer360.errors import BuildError
from customer360.queries import query

Kind = Literal["merged", "split", "retired", "new", "changed"]
MEANING: dict[str, str] = {
    "merged": "would be one with another customer",
    "split": "would part from another customer",
    "retired": "would have no records any more",
    "new": "would be new",
    "changed": "would have other values",
}
_SHOWN = 20


@dataclass(frozen=True)
class Change:
    """What a build would do to one customer."""

    change: Kind
    customer_id: UUID
    name: str
    other_id: UUID | None
    """Merged: the customer that it would be one with. Split: the one that it would part from."""
    records_before: int
    records: int
    changed_columns: list[str]

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {key: str(value) if isinstance(value, UUID) else value for key, value in asdict(self).items()}


def preview(
    database: Database, connection: psycopg.Connection, options: BuildOptions, console: Console | None = None
) -> list[Change]:
    """Every customer that a build with these options would change; nothing of the target is written."""
    scratch = replace(database, schema=f"{database.schema}_preview", profiles_dir=None)
    selection = replace(options, select=("+customers", "+customer_redirects"), only_models=True)
    with _copy(database, scratch, connection, console):
        build(scratch, connection, selection, console)
        names = {**database.schemas, **{f"preview_{layer}": name for layer, name in scratch.schemas.items()}}
        with connection.cursor(row_factory=class_row(Change)) as cursor:
            return cursor.execute(query("preview_changes", **names)).fetchall()


@contextmanager
def _copy(
    database: Database, scratch: Database, connection: psycopg.Connection, console: Console | None
) -> Iterator[None]:
    """The state that a build goes on from, in schemas that go again at the end."""
    schemas = [database.schemas[layer] for layer in ("canonical", "intermediate", "ops")]
    tables = connection.execute(
        query("preview_tables"),
        {"schemas": schemas, "ops": database.schemas["ops"], "canonical": database.schema},
    ).fetchall()
    if not any(table == "customers" for _, table, _ in tables):
        raise BuildError("There are no customers to compare with yet.", hint="build them: c360 build")
    _drop(scratch, connection)
    try:
        for schema in scratch.schemas.values():
            connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema)))
        with progress_bar(console) as progress:
            for schema, table, identity in progress.track(tables, description="copying what is there"):
                _copy_table(connection, (schema, table), (_renamed(schema, database, scratch), table), identity)
        yield
    finally:
        _drop(scratch, connection)


def _renamed(schema: str, database: Database, scratch: Database) -> str:
    layer = next(layer for layer, name in database.schemas.items() if name == schema)
    return scratch.schemas[layer]


def _copy_table(
    connection: psycopg.Connection, source: tuple[str, str], target: tuple[str, str], identity: str | None
) -> None:
    names = {"source": sql.Identifier(*source), "target": sql.Identifier(*target)}
    statements = [
        "create unlogged table {target} (like {source} including all)",
        "insert into {target} overriding system value select * from {source}",
        "analyze {target}",
    ]
    for statement in statements:
        connection.execute(sql.SQL(statement).format(**names))
    if identity:
        # Reading the sequence's own state, so that new records get the very numbers that they would get.
        connection.execute(
            sql.SQL(
                "select setval(pg_get_serial_sequence({target_name}, {column}), last_value, is_called) from {sequence}"
            ).format(
                target_name=sql.Literal(sql.Identifier(*target).as_string(connection)),
                column=sql.Literal(identity),
                sequence=_sequence(connection, source, identity),
            )
        )


def _sequence(connection: psycopg.Connection, table: tuple[str, str], column: str) -> sql.Identifier:
    found = connection.execute(
        """
        select schemas.nspname::text, sequences.relname::text
        from pg_class as sequences
        inner join pg_namespace as schemas on schemas.oid = sequences.relnamespace
        where sequences.oid = pg_get_serial_sequence(%s, %s)::regclass
        """,
        [sql.Identifier(*table).as_string(connection), column],
    ).fetchone()
    assert found is not None
    return sql.Identifier(*found)


def _drop(scratch: Database, connection: psycopg.Connection) -> None:
    for schema in (*scratch.schemas.values(), f"{scratch.schema}_staging"):
        connection.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))


def print_changes(console: Console, changes: list[Change]) -> None:
    """Counts first, then the customers, those that lose their id before those that only change."""
    if not changes:
        console.print("A build would change no customer.")
        return
    counts = Table(title="What a build would change", title_justify="left")
    counts.add_column("")
    counts.add_column("customers", justify="right")
    counts.add_column("")
    for kind, meaning in MEANING.items():
        number = sum(change.change == kind for change in changes)
        if number:
            counts.add_row(kind, f"{number:,}", meaning)
    console.print(counts)
    for kind in MEANING:
        chosen = [change for change in changes if change.change == kind]
        for change in chosen[:_SHOWN]:
            console.print(_line(change), markup=False, soft_wrap=True)
        if len(chosen) > _SHOWN:
            console.print(f"  … and {len(chosen) - _SHOWN:,} more {kind} (all of them: c360 preview --json)")
    console.print("Nothing was written. Do it: c360 build")


def _line(change: Change) -> str:
    line = (
        f"  {change.change:<8} {change.customer_id}  {change.name}  records {change.records_before} → {change.records}"
    )
    if change.other_id:
        line += f"  {'into' if change.change == 'merged' else 'from'} {change.other_id}"
    if change.change == "changed":
        line += f"  {', '.join(change.changed_columns)}"
    return line
