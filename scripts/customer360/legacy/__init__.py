"""The five legacy systems, filled with made-up people and organisations, and the truth about them.

`generate` is all that others need. The data is a pure function of (people, seed).
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from customer360.legacy.bad_rows import BadRows
from customer360.legacy.damage import EMAIL_PLACEHOLDERS
from customer360.legacy.dice import Dice
from customer360.legacy.habits import TENANTS
from customer360.legacy.load import Progress, load, refuse_foreign_schemas
from customer360.legacy.people import Customer, Population
from customer360.legacy.phones import PLACEHOLDERS
from customer360.legacy.spool import Spool
from customer360.legacy.systems import Systems
from customer360.legacy.tables import SOURCE_TABLES, TRUTH_PEOPLE, TRUTH_SPECIAL

__all__ = ["Generated", "generate"]

_REPORT_EVERY = 500


@dataclass(frozen=True)
class Generated:
    """What `generate` made."""

    people: int
    seed: int
    rows: dict[str, int]
    """Rows by table, `schema.table`; the truth's tables included."""

    @property
    def records(self) -> int:
        """Rows in the legacy systems, the truth not counted."""
        return sum(self.rows[table.qualified] for table in SOURCE_TABLES)


def generate(
    conninfo: str,
    *,
    people: int,
    seed: int = 360,
    replace: bool = False,
    progress: Progress | None = None,
) -> Generated:
    """Make the five legacy schemas and `truth` anew in the database of `conninfo` and fill them.

    Schemas of these names that the generator did not make stop it, unless `replace` says to drop them too.
    `progress` is told (table, rows done, rows in all): first of truth.people, while the rows are thought
    up, then of every table, while it is copied.
    """
    # The spooled rows are UTF-8, whatever the database's own encoding suggests to the client.
    with psycopg.connect(conninfo, autocommit=True, client_encoding="utf8") as connection:
        if not replace:
            refuse_foreign_schemas(connection)
        dice = Dice(seed)
        with Spool(BadRows(dice)) as spool:
            _imagine(people, dice, spool, progress)
            load(connection, spool, progress, replace=replace)
            return Generated(people, seed, dict(spool.rows))


def _imagine(people: int, dice: Dice, spool: Spool, progress: Progress | None) -> None:
    """Think up all rows."""
    population = Population(people, dice)
    systems = Systems(population, dice, spool)
    for done, customer in enumerate(population, start=1):
        _write_truth(spool, customer)
        systems.visit(customer)
        if progress and (done % _REPORT_EVERY == 0 or done == people):
            progress(TRUTH_PEOPLE.qualified, done, people)
    for hub in population.desks.opened:
        spool.put(TRUTH_SPECIAL, (hub.tenant, "phone", hub.phone, "front_desk", None))
        if hub.email:
            spool.put(TRUTH_SPECIAL, (hub.tenant, "email", hub.email, "role", None))
    for tenant in TENANTS:
        for phone in PLACEHOLDERS:
            spool.put(TRUTH_SPECIAL, (tenant, "phone", phone, "placeholder", None))
        for email in EMAIL_PLACEHOLDERS:
            spool.put(TRUTH_SPECIAL, (tenant, "email", email, "placeholder", None))


def _write_truth(spool: Spool, customer: Customer) -> None:
    spool.put(
        TRUTH_PEOPLE,
        (customer.person_id, customer.tenant, customer.kind, customer.household_id, customer.country.code),
    )
    if customer.household_id == f"h{customer.number:07d}":
        spool.put(TRUTH_SPECIAL, (customer.tenant, "phone", customer.phones[0], "household", customer.household_id))
