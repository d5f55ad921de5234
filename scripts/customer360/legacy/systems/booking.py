"""The booking system, which came from SQLite: prospects, appointments, conversations, with dates in text."""

from __future__ import annotations

from customer360.legacy.contacts import Contact, ContactCard
from customer360.legacy.damage import email_text, on_the_surface, spell
from customer360.legacy.dates import SQLITE_STYLES, after, text_date, updated
from customer360.legacy.dice import Dice
from customer360.legacy.names import OrganizationName
from customer360.legacy.people import Customer
from customer360.legacy.phones import phone_field, wa_text
from customer360.legacy.spool import Spool
from customer360.legacy.tables import APPOINTMENTS, OMNI_CONVERSATIONS, PROSPECTS

DEFAULT_COUNTRY = "FR"
_NUMBER_OF_APPOINTMENTS = (0, 1, 1, 1, 2, 2, 3, 4)
_NUMBER_OF_CONVERSATIONS = (0, 0, 1, 1, 2)
_SERVICES = ("Visite", "Consultation", "Estimation", "Rendez-vous", "Signature", "Visite virtuelle")
_CHANNELS = ("whatsapp", "whatsapp", "email", "sms", "web", "voice")
_SOURCES = ("website", "phone", "widget", "import", "referral", "salon", None)
_TAGS = ("[]", "[]", '["vip"]', '["acheteur"]', '["vendeur", "chaud"]', None)
_NOTES = (None, None, None, "Rappeler en fin de journée", "Préfère l'email", "Vu à l'agence")


class Booking:
    """Writes `booking.prospects`, `booking.appointments` and `booking.omni_conversations`."""

    def __init__(self, dice: Dice, spool: Spool) -> None:
        """Start empty."""
        self._dice = dice
        self._spool = spool

    def write(self, customer: Customer, card: ContactCard) -> None:
        """Enter the customer as a prospect, book appointments, hold conversations; at least one of them."""
        dice = self._dice
        since = after(dice, customer.first_seen, 300)
        appointments, conversations = dice.pick(_NUMBER_OF_APPOINTMENTS), dice.pick(_NUMBER_OF_CONVERSATIONS)
        prospects: list[str] = []
        if dice.chance(0.75) or appointments + conversations == 0:
            prospects.append(self._write_prospect(customer, card, since))
            if dice.chance(0.1):
                prospects.append(self._write_prospect(customer, card, after(dice, since, 500)))
        for _ in range(appointments):
            self._write_appointment(customer, card, since, dice.pick(prospects) if prospects else None)
        for _ in range(conversations):
            self._write_conversation(customer, card, since)

    def _phone(self, customer: Customer, contact: Contact) -> str | None:
        code = customer.country.code
        return phone_field(self._dice, contact.phone, contact.second_phone, code, national=code == DEFAULT_COUNTRY)

    def _write_prospect(self, customer: Customer, card: ContactCard, created: int) -> str:
        dice, country = self._dice, customer.country
        contact = card.next()
        key = dice.uuid()
        first, last = self._first_and_last(customer)
        style = dice.pick(SQLITE_STYLES)
        self._spool.add(
            PROSPECTS,
            [
                key,
                customer.tenant,
                first,
                last,
                email_text(dice, contact.email, last or ""),
                self._phone(customer, contact),
                dice.pick(("new", "contacted", "qualified", "converted", "lost")),
                dice.pick(_SOURCES),
                country.language if dice.chance(0.8) else "fr",
                country.timezone if dice.chance(0.8) else "Europe/Paris",
                dice.pick(("phone", "email", "whatsapp", None)),
                dice.pick(_TAGS),
                dice.pick(_NOTES),
                text_date(created, style, country.offset),
                text_date(updated(dice, created), style, country.offset),
            ],
            customer,
        )
        return key

    def _first_and_last(self, customer: Customer) -> tuple[str | None, str | None]:
        """The two name fields, at times swapped, or all in one."""
        dice, name = self._dice, customer.name
        if isinstance(name, OrganizationName):
            return spell(dice, name, customer.country.code), None
        draw = dice.random()
        given = f"{name.given} {name.middle}" if name.middle and not name.initials_first else name.given
        if draw < 0.62:
            return given, name.last
        if draw < 0.8:
            return on_the_surface(dice, given), on_the_surface(dice, name.last)
        if draw < 0.85:
            return name.last, given
        if draw < 0.97:
            return spell(dice, name, customer.country.code), dice.pick((None, ""))
        return given, None

    def _write_appointment(self, customer: Customer, card: ContactCard, since: int, prospect: str | None) -> None:
        dice, offset = self._dice, customer.country.offset
        created = after(dice, since, 900)
        style = dice.pick(SQLITE_STYLES)
        # Some clerks pick the prospect and leave the rest empty; some references lead nowhere.
        bare = prospect is not None and dice.chance(0.06)
        contact = Contact(None, None, None) if bare else card.next()
        linked = prospect if bare or dice.chance(0.6) else None
        if linked is None and dice.chance(0.03):
            linked = dice.uuid()
        name = None if bare else spell(dice, customer.name, customer.country.code)
        self._spool.add(
            APPOINTMENTS,
            [
                f"apt_{dice.hex(16)}",
                customer.tenant,
                linked,
                name,
                None if bare else email_text(dice, contact.email, name or ""),
                None if bare else self._phone(customer, contact),
                dice.pick(_SERVICES),
                text_date(after(dice, created, 30), dice.pick(SQLITE_STYLES), offset),
                dice.pick(("scheduled", "completed", "completed", "cancelled", "no_show")),
                dice.pick(_NOTES),
                text_date(created, style, offset),
                text_date(updated(dice, created), style, offset),
            ],
            customer,
        )

    def _write_conversation(self, customer: Customer, card: ContactCard, since: int) -> None:
        dice, offset = self._dice, customer.country.offset
        first = after(dice, since, 900)
        last = after(dice, first, 20)
        style = dice.pick(SQLITE_STYLES)
        channel = dice.pick(_CHANNELS)
        contact = card.next()
        if channel == "whatsapp" and contact.phone:
            phone: str | None = wa_text(contact.phone, dice.pick((1, 1, 3, 3, 0, 2)))
        else:
            phone = self._phone(customer, contact)
        name = spell(dice, customer.name, customer.country.code)
        self._spool.add(
            OMNI_CONVERSATIONS,
            [
                f"conv_{dice.hex(16)}",
                customer.tenant,
                channel,
                name,
                email_text(dice, contact.email, name or ""),
                phone,
                dice.pick(("open", "closed", "closed", "archived")),
                text_date(first, style, offset),
                text_date(last, style, offset),
                text_date(first, style, offset),
                text_date(last, style, offset),
            ],
            customer,
        )
