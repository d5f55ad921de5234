"""The CRM: one table of leads, where every call, form and import added a row of its own."""

from __future__ import annotations

from customer360.legacy import lexicon
from customer360.legacy.contacts import ContactCard
from customer360.legacy.damage import city_text, email_text, spell
from customer360.legacy.dates import SHEET_STYLES, after, text_date, timestamptz, updated
from customer360.legacy.dice import Dice
from customer360.legacy.numbers import PLANS
from customer360.legacy.people import Customer
from customer360.legacy.phones import phone_field
from customer360.legacy.spool import Spool
from customer360.legacy.tables import LEADS_MASTER

DEFAULT_COUNTRY = "IN"
_NUMBER_OF_LEADS = (1, 1, 1, 2, 2, 3, 4)
_SOURCES = (
    (1, "Knowlarity"), (1, "Knowlarity"), (2, "Meta Ads"), (2, "Meta Ads"), (3, "Google Ads"), (4, "Website"),
    (5, "Walk-in"), (6, "JustDial"), (7, "Referral"), (8, "Bulk import"),
)  # fmt: skip
_STATUSES = ("new", "contacted", "qualified", "won", "lost", "junk")
_TIERS = (None,) * 6 + ("standard", "standard", "premium", "vip")
_ASSIGNEES = (None, "Anjali", "Rohit K", "Meera", "Suresh", "reception")
_NOTES = (None, None, None, "interested, call later", "asked for brochure", "wrong budget", "visited branch")


class Crm:
    """Writes `crm.leads_master`."""

    def __init__(self, dice: Dice, spool: Spool) -> None:
        """Start empty."""
        self._dice = dice
        self._spool = spool

    def write(self, customer: Customer, card: ContactCard) -> None:
        """Add the customer's leads."""
        for _ in range(self._dice.pick(_NUMBER_OF_LEADS)):
            self.write_lead(customer, card)

    def write_lead(self, customer: Customer, card: ContactCard) -> None:
        """Add one lead, at times twice over with another key."""
        dice, code, organization = self._dice, customer.country.code, customer.organization
        created = after(dice, customer.first_seen, 1_500)
        contact = card.next()
        country = dice.pick(customer.country.spellings) if dice.chance(0.6) else None
        national = country is not None or code == DEFAULT_COUNTRY
        source_id, source_name = dice.pick(_SOURCES)
        lead: list[str | None] = [
            dice.uuid(),
            customer.tenant,
            dice.uuid() if dice.chance(0.03) else None,
            self._lead_name(customer),
            phone_field(dice, contact.phone, contact.second_phone, code, national=national),
            self._normalized(contact.phone, code, national=national),
            None,
            self._company(customer),
            city_text(dice, customer.city),
            country,
            str(source_id),
            source_name,
            f"BR{dice.between(1, 12):02d}" if dice.chance(0.7) else None,
            dice.pick(_STATUSES),
            dice.pick(_TIERS) if organization is None else dice.pick(("premium", "vip", None)),
            dice.pick(_ASSIGNEES),
            dice.pick(_NOTES),
            text_date(created, dice.pick(SHEET_STYLES), customer.country.offset),
            timestamptz(created),
            timestamptz(updated(dice, created)),
        ]
        lead[6] = email_text(dice, contact.email, lead[3] or "")
        again = [dice.uuid(), *lead[1:]] if dice.chance(0.03) else None
        self._spool.add(LEADS_MASTER, lead, customer)
        if again:
            self._spool.add(LEADS_MASTER, again, customer)

    def _lead_name(self, customer: Customer) -> str | None:
        dice, code, organization = self._dice, customer.country.code, customer.organization
        if organization and dice.chance(0.55):
            return spell(dice, dice.pick(organization.contacts), code)
        return spell(dice, customer.name, code)

    def _company(self, customer: Customer) -> str | None:
        dice = self._dice
        if customer.organization:
            return spell(dice, customer.name, customer.country.code) if dice.chance(0.85) else None
        return dice.pick(lexicon.EMPLOYERS) if dice.chance(0.12) else None

    def _normalized(self, phone: str | None, code: str, *, national: bool) -> str | None:
        """What some script once made of the number: often nothing, and never the same twice."""
        draw = self._dice.random()
        if phone is None or draw < 0.45:
            return None if draw < 0.97 else ""
        if draw < 0.72:
            return phone
        if national and code != "AR" and draw < 0.88:
            return PLANS[code].national(phone)
        return phone[1:]
