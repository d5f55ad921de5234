"""The engine's SQL: templates in `cutover/sql/*.sql`, filled in with quoted identifiers and literals only."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from psycopg import sql

Sql = sql.SQL | sql.Composed
"""A statement, or a piece of one."""
Probed = tuple[sql.Identifier, sql.Identifier, sql.SQL]
"""Where clients feel batches: table, key column, type of the key."""
Part = sql.Composable | str | tuple[str, str]
"""What fills in a placeholder: a string is an identifier, a pair a qualified one."""


def template(name: str, **parts: Part) -> sql.Composed:
    """The statement in `cutover/sql/<name>.sql`; a string fills in as an identifier, a pair as a qualified one."""
    return sql.SQL(_text(name)).format(**{key: _quoted(value) for key, value in parts.items()})


def numbered(batch: str) -> str:
    """A batch with numbered parameters, as EXECUTE … USING after, since, size, part, parts, until takes them."""
    for number, name in enumerate(("after", "since", "size", "part", "parts", "until"), start=1):
        batch = batch.replace(f"%({name})s", f"${number}")
    return batch.replace("%%", "%")


def _quoted(value: Part) -> sql.Composable:
    if isinstance(value, str):
        return sql.Identifier(value)
    return sql.Identifier(*value) if isinstance(value, tuple) else value


@cache
def _text(name: str) -> str:
    return (files("customer360.cutover") / "sql" / f"{name}.sql").read_text(encoding="utf-8").strip()
