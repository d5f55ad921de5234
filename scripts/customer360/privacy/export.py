"""Everything that is held of one customer, as JSON: the very rows that an erasure takes out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql

from customer360.config import Database
from customer360.privacy.erase import find, snapshot

# Views of the canonical schema that say of a customer or a record what the tables hold piece by piece.
_VIEWS = {
    "customer_360": "customer_id = any(%(customer_ids)s::uuid[])",
    "customer_contact_points": "customer_id = any(%(customer_ids)s::uuid[])",
    "customer_timeline": "customer_id = any(%(customer_ids)s::uuid[])",
    "review_pairs": "record_no_a = any(%(record_nos)s::bigint[]) or record_no_b = any(%(record_nos)s::bigint[])",
    "quarantined_values": "record_no = any(%(record_nos)s::bigint[])",
    "unidentified_records": "record_no = any(%(record_nos)s::bigint[])",
}


def export(database: Database, connection: psycopg.Connection, reference: str, tenant: str | None) -> dict[str, Any]:
    """All that is held, table by table; nothing is written."""
    with snapshot(connection):
        found = find(database, connection, reference, tenant)
        parameters = found.subject.parameters()
        tables = {holding.name: holding.rows(connection, parameters) for holding in found.holdings}
        views = {
            f"{database.schema}.{view}": _rows(connection, database.schema, view, where, parameters)
            for view, where in _VIEWS.items()
        }
    customers = tables.get(f"{database.schema}.customers", [])
    return {
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "customer_id": found.subject.customer_id,
        "tenant_id": found.subject.tenant_id,
        "golden_record": next((row for row in customers if row["customer_id"] == str(found.subject.customer_id)), None),
        "records": [asdict(record) for record in found.subject.records],
        "waiting_for_a_build": [asdict(key) for key in found.subject.unread],
        "tables": {name: rows for name, rows in tables.items() if rows},
        "views": {name: rows for name, rows in views.items() if rows},
        "not_reached": list(found.left),
    }


def _rows(connection: psycopg.Connection, schema: str, view: str, where: str, parameters: dict[str, Any]) -> list[Any]:
    """Rows of a view; none where there is no such view."""
    name = sql.Identifier(schema, view)
    if connection.execute("select to_regclass(%s) is null", [name.as_string(connection)]).fetchone() == (True,):
        return []
    statement = sql.SQL("select to_jsonb(t) from {} as t where {}").format(name, sql.SQL(where))
    return [row[0] for row in connection.execute(statement, parameters)]
