"""The five systems: how each of them writes down what a customer tells it."""

from __future__ import annotations

from typing import Protocol

from customer360.legacy.contacts import ContactCard
from customer360.legacy.dice import Dice
from customer360.legacy.people import Customer, Population
from customer360.legacy.spool import Spool
from customer360.legacy.systems.booking import Booking
from customer360.legacy.systems.commerce import Commerce
from customer360.legacy.systems.crm import Crm
from customer360.legacy.systems.field_service import FieldService
from customer360.legacy.systems.marketplace import Marketplace


class LegacySystem(Protocol):
    """A system that customers leave records in."""

    def write(self, customer: Customer, card: ContactCard) -> None:
        """Write the customer's records."""


class Systems:
    """All five, fed with one customer after the other."""

    def __init__(self, population: Population, dice: Dice, spool: Spool) -> None:
        """Start the systems empty."""
        self._dice = dice
        self._crm = Crm(dice, spool)
        self._by_name: dict[str, LegacySystem] = {
            "marketplace": Marketplace(dice, spool, population),
            "booking": Booking(dice, spool),
            "field_service": FieldService(dice, spool),
            "commerce": Commerce(dice, spool),
            "crm": self._crm,
        }

    def visit(self, customer: Customer) -> None:
        """Let a customer leave records in each of their systems."""
        card = ContactCard(customer, self._dice)
        for system in customer.systems:
            self._by_name[system].write(customer, card)
        if customer.hub and card.handed_out < 2:
            # Whoever uses a front desk also has a record that says so.
            self._crm.write_lead(customer, card)
