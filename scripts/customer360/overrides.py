"""Decisions of people: two records are one customer (link), or they are not (separate)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from customer360.config import Database
from customer360.errors import OverrideError
from customer360.queries import query

Decision = Literal["link", "separate"]
_RECORD = re.compile(r"(?P<system>[^.:]+)\.(?P<entity>[^.:]+):(?P<source_id>.+)", re.DOTALL)
_REFERENCE_HINT = "name a record as <system>.<table>:<key> (crm.leads_master:17), or a customer by its id."


@dataclass(frozen=True)
class Record:
    """A live record, and whose it is now."""

    record_no: int
    tenant_id: str
    system: str
    entity: str
    source_id: str
    customer_id: UUID
    name: str

    def __str__(self) -> str:
        """How a person names it."""
        return f"{self.system}.{self.entity}:{self.source_id}"


@dataclass(frozen=True)
class Override:
    """One decision as it stands."""

    override_id: int
    decision: str
    tenant_id: str
    record_a: str
    record_b: str
    reason: str
    decided_by: str
    decided_at: datetime
    state: str


def decide(
    database: Database,
    connection: psycopg.Connection,
    decision: Decision,
    a: str,
    b: str,
    reason: str,
    tenant: str | None,
) -> tuple[int, Record, Record]:
    """Note the decision, unless it contradicts another: (its id, the two records). The next build obeys it."""
    record_a, record_b = (find_record(database, connection, reference, tenant) for reference in (a, b))
    if record_a.record_no == record_b.record_no:
        raise OverrideError(
            f"{a} and {b} are both the record {record_a}.",
            hint="name two records; those of one customer: c360 explain, or the table int_clusters.",
        )
    if record_a.tenant_id != record_b.tenant_id:
        raise OverrideError(
            f"{record_a} belongs to the tenant {record_a.tenant_id}, {record_b} to {record_b.tenant_id}.",
            hint="customers never cross tenants: name two records of one tenant.",
        )
    values = {
        "decision": decision,
        "tenant_id": record_a.tenant_id,
        **{f"{key}_a": getattr(record_a, key) for key in ("system", "entity", "source_id")},
        **{f"{key}_b": getattr(record_b, key) for key in ("system", "entity", "source_id")},
        "reason": reason,
    }
    with connection.transaction():
        row = connection.execute(query("override_insert", **database.schemas), values).fetchone()
        assert row is not None
        try:
            connection.execute(query("override_check", **database.schemas))
        except psycopg.errors.RaiseException as error:
            raise OverrideError(
                f"Not noted: {error.diag.message_primary}.", hint="take one of them back: c360 overrides --remove ID"
            ) from None
    return row[0], record_a, record_b


def overrides(database: Database, connection: psycopg.Connection) -> list[Override]:
    """Every decision made with c360, the latest first."""
    with connection.cursor(row_factory=class_row(Override)) as cursor:
        return cursor.execute(query("override_list", **database.schemas)).fetchall()


def remove(database: Database, connection: psycopg.Connection, override_id: int) -> None:
    """Take a decision back; the next build forgets it."""
    done = connection.execute(query("override_remove", **database.schemas), {"override_id": override_id})
    if not done.rowcount:
        raise OverrideError(
            f"There is no decision {override_id}.",
            hint="list them: c360 overrides; those of the seed are rows of seeds/match_overrides.csv.",
        )


def parse_reference(reference: str) -> dict[str, str | UUID | None]:
    """What `reference` names: system, entity and source_id of a record, or a customer_id; the others are None."""
    parts: dict[str, str | UUID | None] = {"system": None, "entity": None, "source_id": None, "customer_id": None}
    if named := _RECORD.fullmatch(reference):
        return parts | named.groupdict()
    try:
        return parts | {"customer_id": UUID(reference)}
    except ValueError:
        raise OverrideError(f"'{reference}' names no record.", hint=_REFERENCE_HINT) from None


def find_record(database: Database, connection: psycopg.Connection, reference: str, tenant: str | None) -> Record:
    """The one live record that `reference` names."""
    parts = parse_reference(reference)
    with connection.cursor(row_factory=class_row(Record)) as cursor:
        try:
            found = cursor.execute(query("override_record", **database.schemas), {**parts, "tenant": tenant}).fetchall()
        except psycopg.errors.UndefinedTable:
            raise OverrideError("No customers yet.", hint="build them first: c360 build") from None
    if not found:
        absent = connection.execute(query("override_absent", **database.schemas), parts).fetchone()
        if absent:
            raise OverrideError(
                f"No live record is known as {reference}: {absent[0]}.",
                hint="name a record that is live; the view quarantined_values says what to mend.",
            )
        raise OverrideError(f"No live record is known as {reference}.", hint=_REFERENCE_HINT)
    if len(found) > 1:
        tenants = ", ".join(record.tenant_id for record in found)
        raise OverrideError(f"{reference} is there in several tenants: {tenants}.", hint="say which with --tenant.")
    return found[0]
