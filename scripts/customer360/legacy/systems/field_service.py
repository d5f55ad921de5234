"""Field service: tickets and equipment of hospitals and the like, with the customer copied into each."""

from __future__ import annotations

from customer360.legacy.contacts import Contact, ContactCard
from customer360.legacy.damage import city_text, email_text, spell
from customer360.legacy.dates import after, timestamptz, updated
from customer360.legacy.dice import Dice
from customer360.legacy.people import Customer
from customer360.legacy.phones import phone_field, wa_text
from customer360.legacy.spool import Spool
from customer360.legacy.tables import EQUIPMENT, SERVICE_TICKETS

DEFAULT_COUNTRY = "IN"
PHONE_WIDTH = 20  # varchar(20): what is longer was cut off on the way in
_JUNK_CUSTOMER_IDS = ("N/A", "0", "0" * 32, "unknown", "CUST-00123", "NULL")
_MODELS = (
    "Ventilator V60", "MRI Signa 1.5T", "CT Revolution", "Ultrasound P9", "X-Ray DR-F", "Autoclave 300L",
    "Infusion Pump IP-7", "Monitor B40", "ECG MAC 2000", "Analyzer AU480", "Centrifuge 5810", "C-Arm 9900",
)  # fmt: skip
_TITLES = (
    "Machine not starting", "Preventive maintenance", "Error code E-14", "Calibration due",
    "Compressor noise", "Display blank", "Installation", "Spare part request", "Training", "Leakage",
)  # fmt: skip
_STATUSES = ("resolved", "resolved", "closed", "closed", "open", "in_progress", "on_hold")
_PRIORITIES = ("low", "medium", "medium", "high", "critical")


class FieldService:
    """Writes `field_service.service_tickets` and `field_service.equipment`."""

    def __init__(self, dice: Dice, spool: Spool) -> None:
        """Start empty."""
        self._dice = dice
        self._spool = spool

    def write(self, customer: Customer, card: ContactCard) -> None:
        """Install the customer's equipment and open their tickets."""
        dice = self._dice
        since = after(dice, customer.first_seen, 300)
        if customer.organization is None:
            machines, tickets = dice.pick((0, 0, 1)), dice.pick((1, 1, 2, 3))
        else:
            machines, tickets = dice.pick((0, 1, 1, 2, 3, 4)), 1 + int(dice.expovariate(0.32))
        if customer.organization and customer.organization.busy:
            tickets = dice.between(11, 28)
        installed = [self._write_equipment(customer, card, since) for _ in range(machines)]
        known_as = dice.hex(32) if dice.chance(0.8) else None
        for _ in range(tickets):
            self._write_ticket(customer, card, since, known_as, installed)

    def _phone(self, customer: Customer, contact: Contact, *, national: bool) -> str | None:
        text = phone_field(self._dice, contact.phone, contact.second_phone, customer.country.code, national=national)
        return text[:PHONE_WIDTH] if text else text

    def _contact_name(self, customer: Customer) -> str | None:
        """The customer's name, or that of somebody who works there."""
        dice = self._dice
        if customer.organization and dice.chance(0.45):
            return spell(dice, dice.pick(customer.organization.contacts), customer.country.code)
        return spell(dice, customer.name, customer.country.code)

    def _customer_id(self, known_as: str | None) -> str | None:
        """The number under which somebody once knew the customer; it refers to no table."""
        dice = self._dice
        draw = dice.random()
        if known_as is None or draw < 0.10:
            return dice.pick(_JUNK_CUSTOMER_IDS) if draw < 0.02 else dice.pick((None, ""))
        if draw < 0.12:
            return dice.hex(32)
        return known_as.upper() if draw < 0.14 else known_as

    def _write_equipment(self, customer: Customer, card: ContactCard, since: int) -> str:
        dice, organization, code = self._dice, customer.organization, customer.country.code
        key = dice.hex(32)
        created = after(dice, since, 500)
        contact = card.next()
        country = dice.pick(customer.country.spellings) if dice.chance(0.85) else None
        # A form filled in with care tells who the organisation is; most leave parts out.
        told = organization if dice.chance(0.78) else None
        name = self._contact_name(customer)
        self._spool.add(
            EQUIPMENT,
            [
                key,
                customer.tenant,
                f"SN-{dice.hex(10).upper()}",
                dice.pick(_MODELS),
                name,
                self._phone(customer, contact, national=country is not None or code == DEFAULT_COUNTRY),
                email_text(dice, contact.email, name or ""),
                told.organization_id if told and dice.chance(0.85) else None,
                spell(dice, customer.name, code) if told else None,
                told.kind if told else None,
                told.registration_number if told and dice.chance(0.6) else None,
                told.gst_number if told and dice.chance(0.6) else None,
                told.website if told and dice.chance(0.5) else None,
                f"{dice.between(1, 240)}, {dice.pick(('MG Road', 'Station Road', 'Sector 14', 'Ring Road'))}",
                city_text(dice, customer.city),
                customer.state,
                str(dice.between(110_001, 855_999)) if code == "IN" else None,
                country,
                timestamptz(created),
                timestamptz(updated(dice, created)),
            ],
            customer,
        )
        return key

    def _write_ticket(
        self, customer: Customer, card: ContactCard, since: int, known_as: str | None, installed: list[str]
    ) -> None:
        dice, code = self._dice, customer.country.code
        created = after(dice, since, 1_200)
        changed = updated(dice, created)
        contact = card.next_phone()
        status = dice.pick(_STATUSES)
        whatsapp = None
        if contact.phone and not contact.at_front_desk and dice.chance(0.4):
            # Whoever has two phones keeps WhatsApp on one of them and answers calls on the other.
            whatsapp = wa_text(customer.phones[-1], dice.pick((1, 1, 1, 0)))[:PHONE_WIDTH]
        self._spool.add(
            SERVICE_TICKETS,
            [
                dice.hex(32),
                customer.tenant,
                f"TKT-{timestamptz(created)[:4]}-{dice.below(1_000_000):06d}",
                self._customer_id(known_as),
                spell(dice, customer.name, code),
                self._phone(customer, contact, national=code == DEFAULT_COUNTRY),
                whatsapp,
                dice.pick(installed) if installed and dice.chance(0.85) else None,
                dice.pick(_TITLES),
                None if dice.chance(0.4) else "Reported by phone, engineer to call back.",
                status,
                dice.pick(_PRIORITIES),
                city_text(dice, customer.city),
                customer.state,
                timestamptz(created),
                timestamptz(changed),
                timestamptz(changed) if status in ("resolved", "closed") else None,
            ],
            customer,
        )
