"""Where the project's own tables hold a person, found in the catalog by the names that its keys have everywhere.

A table that a model or a command adds is found without being named here, as long as it calls a record `record_no` (or
`_a`, `_b`), a customer `customer_id`, a record's key `system`, `entity`, `source_id`, an identifier `kind` and `value`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from customer360.config import Database
from customer360.project import project_dir
from customer360.queries import query

Action = Literal["deleted", "blanked"]
_RECORD = re.compile(r"record_no(_[ab])?$")
_CUSTOMER = re.compile(r"(\w+_)?customer_id$")
# What a tombstone in customers keeps: its ids, and what says nothing about a person.
_KEPT = {"customer_id", "tenant_id", "anchor_no", "customer_type", "source", "created_at"}
_BLANKS: dict[str, sql.Composable] = {
    "name": sql.Literal("Erased"),
    "status": sql.Literal("erased"),
    "tags": sql.SQL("'[]'::jsonb"),
    "provenance": sql.SQL("'{}'::jsonb"),
    "source_systems": sql.SQL("'{}'::text[]"),
    "created_by": sql.Literal("erased"),
    "total_appointments": sql.SQL("0"),
    "total_conversations": sql.SQL("0"),
    "record_count": sql.SQL("0"),
    "updated_at": sql.SQL("now()"),
}


@dataclass(frozen=True)
class Holding:
    """Rows of one table that speak of the person, and what erasing does to them."""

    schema: str
    table: str
    action: Action
    where: sql.Composable
    blanks: tuple[tuple[str, sql.Composable], ...] = ()
    """(column, what stands there afterwards), where rows are blanked."""

    @property
    def name(self) -> str:
        """As a person writes it."""
        return f"{self.schema}.{self.table}"

    @property
    def _relation(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.table)

    def rows(self, connection: psycopg.Connection, parameters: dict[str, Any]) -> list[Any]:
        """The rows as JSON."""
        statement = sql.SQL("select to_jsonb(t) from {} as t where {}").format(self._relation, self.where)
        return [row[0] for row in connection.execute(statement, parameters)]

    def count(self, connection: psycopg.Connection, parameters: dict[str, Any]) -> int:
        """How many of them would be deleted or blanked."""
        statement = sql.SQL("select count(*) from {} as t where {}").format(self._relation, self._changed)
        row = connection.execute(statement, parameters).fetchone()
        return int(row[0]) if row else 0

    def take_out(self, connection: psycopg.Connection, parameters: dict[str, Any]) -> int:
        """Delete or blank them, and say how many they were."""
        if self.action == "deleted":
            statement = sql.SQL("delete from {} as t where {}").format(self._relation, self.where)
        else:
            values = sql.SQL(", ").join(
                sql.SQL("{} = {}").format(sql.Identifier(column), value) for column, value in self.blanks
            )
            statement = sql.SQL("update {} as t set {} where {}").format(self._relation, values, self._changed)
        return connection.execute(statement, parameters).rowcount

    @property
    def _changed(self) -> sql.Composable:
        """Which rows are touched: a row without anything to blank is left alone."""
        if self.action == "deleted":
            return self.where
        differences = [
            sql.SQL("t.{}::text is distinct from ({})::text").format(sql.Identifier(column), value)
            for column, value in self.blanks
        ]
        return sql.SQL("({}) and ({})").format(self.where, sql.SQL(" or ").join(differences))


def project_holdings(database: Database, connection: psycopg.Connection, *, beside: set[str]) -> list[Holding]:
    """Every place in the project's own tables; those in `beside` are looked after otherwise."""
    schemas = [database.schema, *(f"{database.schema}_{layer}" for layer in ("intermediate", "history", "seeds"))]
    operations = [database.schemas["ops"], "c360_ops"]
    given = {"schemas": schemas, "operations": operations, "models": _model_names()}
    with connection.cursor(row_factory=dict_row) as cursor:
        tables = cursor.execute(query("project_tables"), given).fetchall()
    found = []
    for table in tables:
        if f"{table['schema']}.{table['name']}" in beside:
            continue
        if table["name"] == "customers" and table["schema"] == database.schema:
            found.append(_tombstone(table))
        elif table["name"] == "customers_history":
            found.append(_history(table))
        elif table["name"] == "int_name_words":
            found.append(_name_words(database, table))
        elif holding := _holding(table):
            found.append(holding)
    return found


def _model_names() -> list[str]:
    folder = project_dir()
    files = (path for part in ("models", "snapshots") for path in (folder / part).rglob("*.sql"))
    return sorted({"match_overrides", *(path.stem for path in files)})


def _holding(table: dict[str, Any]) -> Holding | None:
    """By the keys that the table has; None where it holds nothing of anybody, or numbers alone."""
    columns: dict[str, Any] = table["columns"]
    kinds = {name: column["type"] for name, column in columns.items()}
    if set(kinds.values()) == {"bigint"} or table["name"].startswith(("erased_", "erasure")):
        return None
    conditions = _by_record(kinds) or _by_key(kinds) or _by_customer(kinds) or _by_anchor(kinds)
    if not conditions and {"tenant_id", "kind", "value"} <= set(kinds) and "attribute" not in kinds:
        conditions = [_in("tenant_id, kind, value", "select %(tenant)s::text, * from unnest(%(kinds)s, %(values)s)")]
    # A worklist that names nobody, but quotes: every build that needs it makes it anew.
    if not conditions and table["is_made_anew"] and "text" in kinds.values():
        conditions = [sql.SQL("true")]
    if not conditions:
        return None
    return Holding(table["schema"], table["name"], "deleted", sql.SQL(" or ").join(conditions))


def _by_record(kinds: dict[str, str]) -> list[sql.Composable]:
    found: list[sql.Composable] = [
        _equals(name, "record_nos", "bigint")
        for name, kind in kinds.items()
        if _RECORD.match(name) and kind == "bigint"
    ]
    # A decision on a record that is not live names it by its key alone.
    named = [name for name in ("record_a", "record_b") if name in kinds]
    found += [
        sql.SQL("t.tenant_id = %(tenant)s and t.{} = any(%(references)s::text[])").format(sql.Identifier(name))
        for name in named
    ]
    return found


def _by_customer(kinds: dict[str, str]) -> list[sql.Composable]:
    return [
        _equals(name, "customer_ids", "uuid")
        for name, kind in kinds.items()
        if _CUSTOMER.match(name) and kind == "uuid"
    ]


def _by_anchor(kinds: dict[str, str]) -> list[sql.Composable]:
    return [_equals("anchor_no", "record_nos", "bigint")] if "anchor_no" in kinds else []


def _by_key(kinds: dict[str, str]) -> list[sql.Composable]:
    keys = [[f"{part}{end}" for part in ("tenant_id", "system", "entity", "source_id")] for end in ("", "_a", "_b")]
    found = []
    for _, *key in keys:
        if "tenant_id" in kinds and set(key) <= set(kinds):
            columns = ", ".join(["tenant_id", *key])
            found.append(
                _in(columns, "select %(tenant)s::text, * from unnest(%(systems)s, %(entities)s, %(source_ids)s)")
            )
    return found


def _equals(column: str, parameter: str, kind: str) -> sql.Composable:
    return sql.SQL("t.{} = any({}::{}[])").format(sql.Identifier(column), sql.Placeholder(parameter), sql.SQL(kind))


def _in(columns: str, rows: str) -> sql.Composable:
    return sql.SQL(f"({columns}) in ({_typed(rows)})")


def _typed(rows: str) -> str:
    return re.sub(r"(%\(\w+\)s)(?=[,)])", r"\1::text[]", rows)


def _tombstone(table: dict[str, Any]) -> Holding:
    """The row stays, so that no reference dangles, and says nothing but that it is erased."""
    blanks = tuple((name, _BLANKS.get(name, sql.SQL("null"))) for name in table["columns"] if name not in _KEPT)
    return Holding(table["schema"], table["name"], "blanked", _equals("customer_id", "customer_ids", "uuid"), blanks)


def _name_words(database: Database, table: dict[str, Any]) -> Holding:
    """The words of their names that nobody else's name has."""
    where = sql.SQL(
        "t.word in (select unnest({words}(name)) from unnest(%(names)s::text[]) as name) "
        "and not exists (select from {customers} as others "
        "where {words}(others.name) @> array[t.word] and others.customer_id <> all(%(customer_ids)s::uuid[]))"
    ).format(
        words=sql.Identifier(f"{database.schema}_functions", "search_words"),
        customers=sql.Identifier(database.schema, "customers"),
    )
    return Holding(table["schema"], table["name"], "deleted", where)


def _history(table: dict[str, Any]) -> Holding:
    """All states of the customer; and of others those in which they held one of the records, before it was theirs."""
    where = sql.SQL(
        "t.ctid = any(array("
        "select own.ctid from {history} as own where own.customer_id = any(%(customer_ids)s::uuid[]) "
        "union all "
        "select other.ctid from {membership} as was inner join {history} as other "
        "on other.customer_id = was.customer_id and other.dbt_valid_from >= was.dbt_valid_from "
        "and other.dbt_valid_from < coalesce(was.dbt_valid_to, 'infinity') "
        "where was.record_no = any(%(record_nos)s::bigint[])))"
    ).format(
        history=sql.Identifier(table["schema"], table["name"]),
        membership=sql.Identifier(table["schema"], "membership_history"),
    )
    return Holding(table["schema"], table["name"], "deleted", where)
