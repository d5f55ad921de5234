"""The marketplace: clients beside providers and administrators in `users`, and what the clients asked for."""

from __future__ import annotations

from customer360.legacy.contacts import ContactCard
from customer360.legacy.damage import city_text, email_text, spell
from customer360.legacy.dates import after, timestamptz, updated
from customer360.legacy.dice import Dice
from customer360.legacy.names import person_name
from customer360.legacy.people import PROVIDER, Customer, Population
from customer360.legacy.phones import phone_field
from customer360.legacy.spool import Spool
from customer360.legacy.tables import SERVICE_REQUESTS, USERS

DEFAULT_COUNTRY = "CO"
_NUMBER_OF_REQUESTS = (0, 0, 0, 1, 1, 1, 2, 2, 3, 5)
_SERVICES = ("plomería", "electricidad", "limpieza", "jardinería", "cerrajería", "pintura", "mudanza")
_DETAILS = ("urgente", "fuga en la cocina", "presupuesto por favor", "llamar antes de venir", "")
_STATUSES = ("completed",) * 5 + ("pending", "assigned", "in_progress", "cancelled")
_STREETS = ("Calle", "Carrera", "Avenida", "Transversal", "Diagonal")


class Marketplace:
    """Writes `marketplace.users` and `marketplace.service_requests`."""

    def __init__(self, dice: Dice, spool: Spool, population: Population) -> None:
        """`population` gives providers phones that no client has."""
        self._dice = dice
        self._spool = spool
        self._population = population

    def write(self, customer: Customer, card: ContactCard) -> None:
        """Register the customer as a client, at times twice, with their requests."""
        dice = self._dice
        created = after(dice, customer.first_seen, 300)
        users = [self._write_client(customer, card, created)]
        if dice.chance(0.08):
            users.append(self._write_client(customer, card, after(dice, created, 400)))
        for _ in range(dice.pick(_NUMBER_OF_REQUESTS)):
            self._write_request(customer, dice.pick(users), customer, created)
        if dice.chance(0.05):
            # Asked for by nobody that the register knows.
            self._write_request(customer, dice.uuid() if dice.chance(0.6) else None, None, created)
        if dice.chance(0.08):
            self._write_staff(customer, created)

    def _write_client(self, customer: Customer, card: ContactCard, created: int) -> str:
        dice = self._dice
        contact = card.next()
        key, code = dice.uuid(), customer.country.code
        country = dice.pick(customer.country.spellings) if dice.chance(0.88) else None
        name = spell(dice, customer.name, code)
        self._spool.add(
            USERS,
            [
                key,
                customer.tenant,
                "client",
                name,
                email_text(dice, contact.email, name or ""),
                phone_field(
                    dice,
                    contact.phone,
                    contact.second_phone,
                    code,
                    national=country is not None or code == DEFAULT_COUNTRY,
                ),
                city_text(dice, customer.city),
                country,
                customer.country.language,
                "t" if dice.chance(0.93) else "f",
                timestamptz(created),
                timestamptz(updated(dice, created)),
            ],
            customer,
        )
        return key

    def _write_request(self, near: Customer, client: str | None, owner: Customer | None, since: int) -> None:
        dice = self._dice
        created = after(dice, since, 900)
        self._spool.add(
            SERVICE_REQUESTS,
            [
                dice.uuid(),
                near.tenant,
                client,
                dice.pick(_SERVICES),
                dice.pick(_DETAILS),
                dice.pick(_STATUSES),
                f"{dice.pick(_STREETS)} {dice.between(1, 180)} # {dice.between(1, 99)}-{dice.between(1, 99)}",
                near.city,
                f"{dice.between(20, 900) * 1000}.00" if dice.chance(0.8) else None,
                near.country.currency,
                timestamptz(after(dice, created, 14)) if dice.chance(0.7) else None,
                timestamptz(created),
                timestamptz(updated(dice, created)),
            ],
            owner,
        )

    def _write_staff(self, near: Customer, created: int) -> None:
        """A provider or administrator: a person too, but nobody's customer."""
        dice, country = self._dice, near.country
        name = person_name(dice, country.code)
        phone = self._population.phone(country.code, near.number, PROVIDER)
        self._spool.add(
            USERS,
            [
                dice.uuid(),
                near.tenant,
                "provider" if dice.chance(0.9) else "admin",
                name.full,
                f"pro{near.number}@servicios.example",
                phone_field(dice, phone, None, country.code, national=True),
                near.city,
                country.spellings[0],
                country.language,
                "t",
                timestamptz(created),
                timestamptz(updated(dice, created)),
            ],
        )
