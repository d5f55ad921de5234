"""Whom it is about: the customer that somebody names, with all its records, ids and identifiers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from customer360.config import Database
from customer360.overrides import parse_reference
from customer360.privacy.errors import AlreadyErasedError, PrivacyError
from customer360.queries import query

_SHORTEST_WORD = 3  # letters that a word of a name must have to be looked for in free text
_PHONE_DIGITS = 8  # last digits of a number by which it is looked for, whatever stands between them


@dataclass(frozen=True)
class Record:
    """A record of the person, as the registry has it."""

    record_no: int
    tenant_id: str
    system: str
    entity: str
    source_id: str
    record_status: str
    customer_id: UUID | None


@dataclass(frozen=True)
class Identifier:
    """An identifier of the person; one that others carry too stays theirs."""

    tenant_id: str
    kind: str
    value: str
    is_theirs_alone: bool


@dataclass(frozen=True)
class Key:
    """The key of a legacy row."""

    system: str
    entity: str
    source_id: str


@dataclass(frozen=True)
class Subject:
    """One customer of one tenant."""

    tenant_id: str
    customer_id: UUID | None
    """None for a record that no build has put into a cluster."""
    records: tuple[Record, ...]
    customer_ids: tuple[UUID, ...]
    """Every id under which the customers table speaks of the person."""
    identifiers: tuple[Identifier, ...]
    words: tuple[tuple[str, str], ...] = field(repr=False)
    """(kind, value): what free text may call the person."""
    unread: tuple[Key, ...] = ()
    """Legacy rows of the person that wait for a build."""

    @property
    def record_nos(self) -> list[int]:
        """Numbers of the records."""
        return [record.record_no for record in self.records]

    @property
    def keys(self) -> list[Key]:
        """Keys of all legacy rows, read or not."""
        known = [Key(record.system, record.entity, record.source_id) for record in self.records]
        return list(dict.fromkeys([*known, *self.unread]))

    def parameters(self) -> dict[str, Any]:
        """What the statements on the places name."""
        alone = [identifier for identifier in self.identifiers if identifier.is_theirs_alone]
        return {
            "tenant": self.tenant_id,
            "record_nos": self.record_nos,
            "customer_ids": list(self.customer_ids),
            "systems": [key.system for key in self.keys],
            "entities": [key.entity for key in self.keys],
            "source_ids": [key.source_id for key in self.keys],
            "references": [f"{key.system}.{key.entity}:{key.source_id}" for key in self.keys],
            "kinds": [identifier.kind for identifier in alone],
            "values": [identifier.value for identifier in alone],
            "shared_kinds": [identifier.kind for identifier in self.identifiers if not identifier.is_theirs_alone],
            "shared_values": [identifier.value for identifier in self.identifiers if not identifier.is_theirs_alone],
            "names": [value for kind, value in self.words if kind in ("person", "text")],
            "mentions": mentions(self.words),
            "contacts": mentions(tuple(("phone" if known.kind == "phone" else "text", known.value) for known in alone)),
        }


def find_subject(database: Database, connection: psycopg.Connection, reference: str, tenant: str | None) -> Subject:
    """The customer that `reference` names; PrivacyError where it names none, or several tenants' records."""
    names = {**database.schemas, "history": f"{database.schema}_history"}
    parts = parse_reference(reference)
    with connection.cursor(row_factory=class_row(Record)) as cursor:
        try:
            records = cursor.execute(query("subject_records", **names), {**parts, "tenant": tenant}).fetchall()
        except psycopg.errors.UndefinedTable:
            raise PrivacyError("No customers yet.", hint="build them first: c360 build") from None
    if not records:
        raise _nobody(database, connection, reference, parts, tenant)
    tenants = sorted({record.tenant_id for record in records})
    if len(tenants) > 1:
        raise PrivacyError(
            f"{reference} is there in several tenants: {', '.join(tenants)}.", hint="say which with --tenant."
        )
    nos = {"record_nos": [record.record_no for record in records]}
    with connection.cursor(row_factory=class_row(Identifier)) as cursor:
        identifiers = cursor.execute(query("subject_identifiers", **names), nos).fetchall()
    return Subject(
        tenant_id=tenants[0],
        customer_id=next((record.customer_id for record in records if record.customer_id), None),
        records=tuple(records),
        customer_ids=tuple(row[0] for row in connection.execute(query("subject_customers", **names), nos)),
        identifiers=tuple(identifiers),
        words=tuple((kind, value) for kind, value in connection.execute(query("subject_words", **names), nos)),
    )


def with_unread(
    database: Database, connection: psycopg.Connection, subject: Subject, unread: tuple[Key, ...]
) -> Subject:
    """The subject with rows that no build has taken in; what is in quarantine is in the registry all the same."""
    waiting = replace(subject, unread=unread)
    with connection.cursor(row_factory=class_row(Record)) as cursor:
        records = cursor.execute(query("subject_registered", **database.schemas), waiting.parameters()).fetchall()
    known = set(subject.record_nos)
    quarantined = [record for record in records if record.record_no not in known]
    return replace(waiting, records=(*subject.records, *quarantined))


def _nobody(
    database: Database, connection: psycopg.Connection, reference: str, parts: dict[str, Any], tenant: str | None
) -> PrivacyError:
    """Why nobody was found: nobody of that name, or nobody any more."""
    name = "erasure_of_id" if parts["customer_id"] else "erasure_of_record"
    row = connection.execute(query(name, **database.schemas), {**parts, "tenant": tenant}).fetchone()
    if row:
        return AlreadyErasedError(reference, row[1])
    return PrivacyError(
        f"No customer and no record is known as {reference}.",
        hint="name a customer by its id, or a record as <system>.<table>:<key> (crm.leads_master:17).",
    )


def mentions(words: tuple[tuple[str, str], ...]) -> str:
    """A regular expression of PostgreSQL that finds the person in free text; one that finds nothing, for nobody."""
    patterns = set()
    for kind, value in words:
        if kind == "person":
            patterns |= {rf"\m{_literal(word)}\M" for word in re.findall(r"\w+", value) if len(word) >= _SHORTEST_WORD}
        elif kind == "phone":
            digits = re.sub(r"\D", "", value)[-_PHONE_DIGITS:]
            patterns |= {r"[^0-9]{0,3}".join(digits)} if len(digits) == _PHONE_DIGITS else set()
        elif len(value) > _SHORTEST_WORD:
            patterns.add(_literal(value))
    return "|".join(sorted(patterns)) or r"a\Ma"


def _literal(text: str) -> str:
    return re.sub(r"([^\w\s])", r"\\\1", text)
