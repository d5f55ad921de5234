"""Customers for an application: a thin client of the functions in the schema `api`.

    with Customers.connect("postgresql://app@host/crm", tenant_id="acme") as customers:
        found = customers.find_or_create(phone="98166 12310", full_name="Ravi Kumar")
        customers.get(found.customer_id).primary_email

Every call is one transaction. `Customers` takes a connection, or anything else that lends connections as a psycopg pool
does: `Customers(pool.connection, tenant_id="acme")`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self, TypedDict, Unpack
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from customer360.errors import C360Error

Connection = psycopg.Connection[Any]


class CustomerError(C360Error):
    """A call of the API failed for a reason that the caller can act on."""


class InvalidArgumentError(CustomerError):
    """An argument cannot be taken; the message names it."""


class CustomerNotFoundError(CustomerError):
    """No customer of the tenant has or had this id."""


class DuplicateContactError(CustomerError):
    """Another customer has this phone or email."""


class StatusConflictError(CustomerError):
    """The customer is in that state already, or has no records left."""


class TenantError(CustomerError):
    """The tenant is not the caller's, or the role may not call the API."""


_ERRORS: dict[str, type[CustomerError]] = {
    "22023": InvalidArgumentError,
    "PT404": CustomerNotFoundError,
    "23505": DuplicateContactError,
    "PT409": StatusConflictError,
    "42501": TenantError,
}


@dataclass(frozen=True)
class Customer:
    """A row of `customers`."""

    customer_id: UUID
    tenant_id: str
    customer_type: str
    name: str
    display_name: str | None
    first_name: str | None
    last_name: str | None
    primary_phone: str | None
    secondary_phone: str | None
    whatsapp_number: str | None
    primary_email: str | None
    address_line1: str | None
    address_line2: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    country: str | None
    organization_id: UUID | None
    organization_name: str | None
    registration_number: str | None
    tax_id: str | None
    website: str | None
    status: str
    tier: str | None
    preferred_language: str | None
    timezone: str | None
    preferred_contact_method: str | None
    notes: str | None
    tags: list[str]
    total_appointments: int
    total_conversations: int
    last_contact_at: datetime | None
    record_count: int
    source_systems: list[str]
    created_at: datetime | None
    updated_at: datetime
    created_by: str


@dataclass(frozen=True)
class Found:
    """The answer of `find_or_create`."""

    customer_id: UUID
    is_new: bool
    name: str
    status: str


class Arrival(TypedDict, total=False):
    """What an application knows of whoever has come in; a phone, WhatsApp number or email is needed."""

    phone: str | None
    full_name: str | None
    organization_name: str | None
    email: str | None
    whatsapp_number: str | None
    customer_type: str | None
    address_line1: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    country: str | None
    notes: str | None
    created_by: str | None


class Filters(TypedDict, total=False):
    """Which customers to list or count."""

    customer_type: str | None
    status: str | None
    city: str | None
    state: str | None
    organization_id: UUID | str | None


_COLUMNS = [field.name for field in fields(Customer)]


class Customers:
    """The customers of one tenant."""

    def __init__(
        self,
        lend: Connection | Callable[[], AbstractContextManager[Connection]],
        *,
        tenant_id: str | None = None,
        schema: str = "api",
    ) -> None:
        """Take a connection, or what lends one for each call."""
        self._lend = lend
        self._tenant_id = tenant_id
        self._schema = schema

    @classmethod
    @contextmanager
    def connect(cls, url: str, *, tenant_id: str | None = None, schema: str = "api") -> Iterator[Self]:
        """Customers over a connection of their own, which is closed at the end."""
        with psycopg.connect(url, autocommit=True) as connection:
            yield cls(connection, tenant_id=tenant_id, schema=schema)

    def find_or_create(self, **arrival: Unpack[Arrival]) -> Found:
        """The customer with this phone, WhatsApp number or email, or a new one."""
        return Found(**self._call("find_or_create_customer", dict(arrival))[0])

    def get(self, customer_id: UUID | str) -> Customer:
        """The customer that this id leads to now."""
        return self._customer("get_customer", customer_id=customer_id)

    def find_by_phone(self, phone: str, *, country: str | None = None) -> list[Customer]:
        """Everybody who has the number, whoever has it as the primary one first."""
        return self._customers("find_by_phone", {"phone": phone, "country": country})

    def search(self, name: str, *, max_results: int = 20) -> list[Customer]:
        """Customers by name, the most similar first."""
        return self._customers("search_customers", {"name": name, "max_results": max_results})

    def list_all(self, *, page_size: int = 500, **filters: Unpack[Filters]) -> Iterator[Customer]:
        """All customers that the filters let through, fetched page by page."""
        last: UUID | None = None
        while True:
            page = self._customers("list_customers", {**filters, "after_customer_id": last, "page_size": page_size})
            yield from page
            if len(page) < page_size:
                return
            last = page[-1].customer_id

    def count(self, **filters: Unpack[Filters]) -> int:
        """How many customers the filters let through."""
        return int(self._call("count_customers", dict(filters))[0]["count_customers"])

    def update_contact(
        self,
        customer_id: UUID | str,
        *,
        phone: str | None = None,
        email: str | None = None,
        whatsapp_number: str | None = None,
        country: str | None = None,
        created_by: str | None = None,
    ) -> Customer:
        """Give a customer other contacts; what is left out stays."""
        return self._customer(
            "update_contact",
            customer_id=customer_id,
            phone=phone,
            email=email,
            whatsapp_number=whatsapp_number,
            country=country,
            created_by=created_by,
        )

    def block(self, customer_id: UUID | str, reason: str | None = None, *, created_by: str | None = None) -> Customer:
        """Block a customer; the reason goes into the notes."""
        return self._customer("block_customer", customer_id=customer_id, reason=reason, created_by=created_by)

    def activate(self, customer_id: UUID | str, *, created_by: str | None = None) -> Customer:
        """Make a blocked or inactive customer active."""
        return self._customer("activate_customer", customer_id=customer_id, created_by=created_by)

    def _customer(self, function: str, **arguments: object) -> Customer:
        return self._customers(function, arguments)[0]

    def _customers(self, function: str, arguments: dict[str, object]) -> list[Customer]:
        return [Customer(**{name: row[name] for name in _COLUMNS}) for row in self._call(function, arguments)]

    def _call(self, function: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        given = {
            name: value for name, value in {**arguments, "tenant_id": self._tenant_id}.items() if value is not None
        }
        query = sql.SQL("select * from {}({})").format(
            sql.Identifier(self._schema, function),
            sql.SQL(", ").join(
                sql.SQL("{} => {}{}").format(
                    sql.Identifier(name),
                    sql.Placeholder(name),
                    sql.SQL("::uuid" if name.endswith("_id") and name != "tenant_id" else ""),
                )
                for name in given
            ),
        )
        try:
            with self._connection() as connection, connection.transaction():
                return connection.cursor(row_factory=dict_row).execute(query, given).fetchall()
        except psycopg.errors.InvalidTextRepresentation as error:
            raise InvalidArgumentError(
                "An id is not a UUID.", hint="pass the customer_id that a call returned."
            ) from error
        except psycopg.Error as error:
            kind = _ERRORS.get(error.sqlstate or "")
            if kind is None:
                raise
            raise kind(error.diag.message_primary or str(error), hint=error.diag.message_hint) from error

    def _connection(self) -> AbstractContextManager[Connection]:
        return _kept(self._lend) if isinstance(self._lend, psycopg.Connection) else self._lend()


@contextmanager
def _kept(connection: Connection) -> Iterator[Connection]:
    """A connection that stays open behind the block."""
    yield connection
