"""The SQL of this package lives in `sql/*.sql`; names that depend on the target are {placeholders} there."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from psycopg import sql


def query(name: str, **identifiers: str) -> sql.Composed:
    """The statement in `sql/<name>.sql` with its {placeholders} filled in as quoted identifiers."""
    return sql.SQL(_text(name)).format(**{key: sql.Identifier(value) for key, value in identifiers.items()})


@cache
def _text(name: str) -> str:
    return (files("customer360") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
