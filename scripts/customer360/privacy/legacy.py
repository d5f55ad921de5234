"""What the legacy tables and contract's archives hold: their rows stay, with their keys, and lose the person."""

from __future__ import annotations

import re
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from customer360.config import Database
from customer360.privacy.places import Holding
from customer360.privacy.sources import Source
from customer360.privacy.subject import Key, Subject
from customer360.queries import query

_WORD = "erased"
_TEXTS = "S"  # pg_type.typcategory of strings
_DOCUMENTS = {"json", "jsonb"}


@dataclass(frozen=True)
class Column:
    """A column of a legacy table."""

    name: str
    type: str
    full_type: str
    category: str
    is_required: bool
    is_generated: bool
    is_constrained: bool
    key_rank: int | None
    """1: it is the primary key; 2: it is unique; None: no row can be found by it alone."""

    @property
    def blank(self) -> sql.Composable:
        """What stands there afterwards."""
        if not self.is_required:
            return sql.SQL("null")
        if self.type in _DOCUMENTS:
            return sql.SQL("'{{}}'::{}").format(sql.SQL(self.type))
        if self.category == _TEXTS:
            length = re.search(r"\((\d+)\)", self.full_type)
            return sql.Literal(_WORD[: int(length[1])] if length else _WORD)
        return sql.Identifier("t", self.name)

    @property
    def may_mention(self) -> bool:
        """Whether it is free text, in which the person may be named although nothing says so."""
        return (self.category == _TEXTS or self.type in _DOCUMENTS) and not (self.is_constrained or self.is_generated)


@dataclass(frozen=True)
class Legacy:
    """The places in the legacy systems, and what cannot be reached there."""

    holdings: tuple[Holding, ...]
    unreachable: tuple[str, ...]
    """Tables that have to be looked after at their source, each with the reason."""


def unread_keys(
    database: Database, connection: psycopg.Connection, subject: Subject, sources: list[Source]
) -> tuple[Key, ...]:
    """Rows that no build has taken in, or only into quarantine, and that carry what only the person has."""
    found = []
    for source in sources:
        view = f"stg_{source.system}__{source.entity}"
        given = {**subject.parameters(), "system": source.system, "entity": source.entity}
        if _kind(connection, database.schemas["staging"], view):
            statements = [query("subject_unread", view=view, **database.schemas)]
        else:  # after contract: what is quarantined stays so, and the archives hold it too
            statements = [
                _quarantined(database, table, key)
                for _, *table in _tables(connection, [source])
                if (key := _key(_columns(connection, *table)))
            ]
        for statement in statements:
            found += [Key(source.system, source.entity, row[0]) for row in connection.execute(statement, given)]
    known = {Key(record.system, record.entity, record.source_id) for record in subject.records}
    return tuple(key for key in dict.fromkeys(found) if key not in known)


def _quarantined(database: Database, table: list[str], key: Column) -> sql.Composed:
    return query(
        "subject_quarantined",
        intermediate=database.schemas["intermediate"],
        schema=table[0],
        table=table[1],
        key=key.name,
    )


def _tables(connection: psycopg.Connection, sources: list[Source]) -> list[tuple[Source, str, str]]:
    """The legacy tables, and what contract moved out of them: (source, schema, table)."""
    found = [(source, source.schema, source.entity) for source in sources]
    by_name = {(source.system, source.entity): source for source in sources}
    if _kind(connection, "c360_ops", "ledger"):
        for system, entity, name in connection.execute(query("archives")):
            if (system, entity) in by_name:
                found.append((by_name[system, entity], "archive", name))
    return found


def legacy_holdings(connection: psycopg.Connection, subject: Subject, sources: list[Source]) -> Legacy:
    """The person's rows in legacy tables and archives."""
    concerned = {(key.system, key.entity) for key in subject.keys}
    found, unreachable = [], []
    for source, schema, table in _tables(connection, [s for s in sources if (s.system, s.entity) in concerned]):
        kind = _kind(connection, schema, table)
        if kind == "r":
            holding = _holding(connection, subject, source, schema, table)
            if holding:
                found.append(holding)
            else:
                unreachable.append(f"{schema}.{table}: it has no key of one column")
        elif kind in ("f", "m", "p") or (kind == "v" and not _is_archived(connection, schema, table)):
            unreachable.append(f"{schema}.{table}: it is no plain table")
        elif kind is None and schema != "archive":
            unreachable.append(f"{schema}.{table}: it is not there")
    return Legacy(tuple(found), tuple(unreachable))


def _kind(connection: psycopg.Connection, schema: str, table: str) -> str | None:
    name = sql.Identifier(schema, table).as_string(connection)
    row = connection.execute("select relkind::text from pg_class where oid = to_regclass(%s)", [name]).fetchone()
    return row[0] if row else None


def _is_archived(connection: psycopg.Connection, schema: str, table: str) -> bool:
    """Whether it is the view that contract left of a register, which shows the archive."""
    row = connection.execute(
        "select bool_or(table_schema = 'archive') from information_schema.view_table_usage "
        "where view_schema = %s and view_name = %s",
        [schema, table],
    ).fetchone()
    return bool(row and row[0])


def _holding(
    connection: psycopg.Connection, subject: Subject, source: Source, schema: str, table: str
) -> Holding | None:
    columns = _columns(connection, schema, table)
    key = _key(columns)
    if key is None:
        return None
    ids = [k.source_id for k in subject.keys if (k.system, k.entity) == (source.system, source.entity)]
    where = sql.SQL("t.{} = any({}::{}[])").format(sql.Identifier(key.name), sql.Literal(ids), sql.SQL(key.type))
    blanks = []
    for column in columns:
        name = sql.Identifier(column.name)
        if column.name in source.personal and not column.is_generated:
            blanks.append((column.name, column.blank))
        elif column.may_mention:
            said = sql.SQL("case when t.{0}::text ~* {1} then {2} else t.{0} end")
            blanks.append((column.name, said.format(name, sql.Placeholder("mentions"), column.blank)))
    if not blanks:  # nothing but keys and figures: there is nothing to take out, and it is exported all the same
        blanks.append((key.name, sql.Identifier("t", key.name)))
    return Holding(schema, table, "blanked", where, tuple(blanks))


def _columns(connection: psycopg.Connection, schema: str, table: str) -> list[Column]:
    relation = sql.Identifier(schema, table).as_string(connection)
    with connection.cursor(row_factory=class_row(Column)) as cursor:
        return cursor.execute(query("legacy_columns"), {"relation": relation}).fetchall()


def _key(columns: list[Column]) -> Column | None:
    """The primary key, else another column by which a row can be found."""
    keys = [column for column in columns if column.key_rank]
    return min(keys, key=lambda column: column.key_rank or 0) if keys else None
