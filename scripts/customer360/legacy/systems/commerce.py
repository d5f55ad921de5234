"""Commerce: customers known by WhatsApp id beside the newer profiles, with carts, orders and sessions."""

from __future__ import annotations

from customer360.legacy.contacts import ContactCard
from customer360.legacy.damage import email_text, spell
from customer360.legacy.dates import after, timestamptz, updated
from customer360.legacy.dice import Dice
from customer360.legacy.people import Customer
from customer360.legacy.phones import PLACEHOLDERS, phone_text, wa_text
from customer360.legacy.spool import Spool
from customer360.legacy.tables import CARTS, CUSTOMERS, ORDERS, PROFILES, SESSIONS

DEFAULT_COUNTRY = "RW"
_LOCALES = {
    "rw": "rw-RW", "fr": "fr-FR", "es": "es-CO", "pt": "pt-BR", "hi": "en-IN", "sw": "sw-TZ", "en": "en-KE",
}  # fmt: skip
_CART_STATUSES = ("converted", "converted", "abandoned", "active", "expired")
_ORDER_STATUSES = ("delivered", "delivered", "delivered", "paid", "pending", "cancelled", "refunded")


class Commerce:
    """Writes the five tables of `commerce`."""

    def __init__(self, dice: Dice, spool: Spool) -> None:
        """Start empty, with each placeholder to be used once: `wa_id` is unique."""
        self._dice = dice
        self._spool = spool
        self._placeholders = list(PLACEHOLDERS)
        self._order_number = 0

    def write(self, customer: Customer, card: ContactCard) -> None:
        """Let the customer shop: under one WhatsApp id, under two, or with nothing but a profile."""
        dice = self._dice
        since = after(dice, customer.first_seen, 300)
        only_profile = dice.chance(0.06)
        keys: list[str] = []
        if not only_profile:
            form = dice.pick(customer.wa_forms)
            keys.append(self._write_customer(customer, wa_text(card.own_phone(), form), since))
            if len(customer.wa_forms) > 1 and dice.chance(0.07):
                other = dice.pick([each for each in customer.wa_forms if each != form])
                second_id = self._second_id(customer, other)
                keys.append(self._write_customer(customer, second_id, after(dice, since, 400)))
        if only_profile or dice.chance(0.85):
            self._write_profile(customer, card, since)
        for key in keys:
            for _ in range(dice.pick((0, 0, 1, 1, 2))):
                self._write_cart(customer, key, since)
            for _ in range(dice.pick((0, 1, 1, 1, 2, 4))):
                self._write_order(customer, key, since)
            for _ in range(dice.pick((0, 1, 1, 2))):
                self._write_session(customer, key, since)
        if dice.chance(0.15):
            self._write_cart(customer, None, since)
        if dice.chance(0.25):
            self._write_session(customer, None, since)

    def _second_id(self, customer: Customer, form: int) -> str | None:
        """The id of a second account: another phone, another spelling, a placeholder or none."""
        if self._placeholders and self._dice.chance(0.3):
            return self._placeholders.pop()
        return None if self._dice.chance(0.1) else wa_text(customer.phones[-1], form)

    def _write_customer(self, customer: Customer, wa_id: str | None, created: int) -> str:
        dice = self._dice
        key = dice.uuid()
        self._spool.add(
            CUSTOMERS,
            [
                key,
                customer.tenant,
                wa_id,
                spell(dice, customer.name, customer.country.code),
                customer.country.language,
                timestamptz(created),
                timestamptz(updated(dice, created)),
            ],
            customer,
        )
        return key

    def _write_profile(self, customer: Customer, card: ContactCard, since: int) -> None:
        dice, code = self._dice, customer.country.code
        created = after(dice, since, 300)
        contact = card.next()
        draw = dice.random()
        if contact.phone is None:
            whatsapp = None
        elif draw < 0.9:
            whatsapp = wa_text(contact.phone, 1 if draw < 0.82 else 3 if draw < 0.86 else 0)
        else:
            whatsapp = phone_text(dice, contact.phone, code, national=code == DEFAULT_COUNTRY)
        name = spell(dice, customer.name, code)
        self._spool.add(
            PROFILES,
            [
                dice.uuid(),
                customer.tenant,
                whatsapp,
                name,
                email_text(dice, contact.email, name or "") if dice.chance(0.9) else None,
                _LOCALES[customer.country.language],
                timestamptz(created),
                timestamptz(updated(dice, created)),
            ],
            customer,
        )

    def _total(self) -> str:
        return f"{self._dice.between(500, 90_000)}.{self._dice.pick(('00', '00', '50', '25'))}"

    def _write_cart(self, customer: Customer, key: str | None, since: int) -> None:
        dice = self._dice
        created = after(dice, since, 900)
        self._spool.add(
            CARTS,
            [
                dice.uuid(),
                customer.tenant,
                key,
                dice.pick(_CART_STATUSES),
                customer.country.currency,
                self._total(),
                timestamptz(created),
                timestamptz(updated(dice, created)),
            ],
            customer if key else None,
        )

    def _write_order(self, customer: Customer, key: str, since: int) -> None:
        dice = self._dice
        created = after(dice, since, 900)
        self._order_number += 1
        self._spool.add(
            ORDERS,
            [
                dice.uuid(),
                customer.tenant,
                key,
                f"ORD-{self._order_number:07d}",
                dice.pick(_ORDER_STATUSES),
                self._total(),
                customer.country.currency,
                timestamptz(created),
                timestamptz(created),
                timestamptz(updated(dice, created)),
            ],
            customer,
        )

    def _write_session(self, customer: Customer, key: str | None, since: int) -> None:
        dice = self._dice
        started = after(dice, since, 900)
        seen = after(dice, started, 1)
        self._spool.add(
            SESSIONS,
            [
                dice.uuid(),
                customer.tenant,
                key,
                dice.pick(("whatsapp", "whatsapp", "web", "ussd")),
                timestamptz(started),
                timestamptz(seen),
                timestamptz(started),
                timestamptz(seen),
            ],
            customer if key else None,
        )
