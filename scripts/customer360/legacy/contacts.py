"""Which of their phones and emails a customer leaves in a record; nothing is damaged yet."""

from __future__ import annotations

from typing import NamedTuple

from customer360.legacy.dice import Dice
from customer360.legacy.people import Customer


class Contact(NamedTuple):
    """What one record is told, in canonical form."""

    phone: str | None
    second_phone: str | None
    """Another number in the same field."""
    email: str | None
    at_front_desk: bool = False


class ContactCard:
    """Hands out one customer's contact data, record after record.

    The first record that has room for an email has all, so that a chain exists; one that gives only the
    second phone also gives the email or the first phone; whoever uses a front desk gives its number from
    the second record on.
    """

    def __init__(self, customer: Customer, dice: Dice) -> None:
        """Start with a customer that has left nothing anywhere."""
        self._customer = customer
        self._dice = dice
        self._told_all = False
        self.handed_out = 0

    def next(self) -> Contact:
        """What the customer leaves in a record with room for a phone and an email."""
        customer, dice = self._customer, self._dice
        if self._at_front_desk():
            return self._front_desk()
        phone, email = customer.phones[0], customer.email
        if not self._told_all:
            self._told_all = True
            return Contact(phone, None if email else self._second_phone(), email)
        draw = dice.random()
        if len(customer.phones) > 1 and draw < 0.3:
            if email and draw < 0.25:
                return Contact(customer.phones[1], None, email)
            return Contact(phone, customer.phones[1], None)
        if email is None:
            return Contact(phone if draw < 0.98 else None, None, None)
        if draw < 0.6:
            return Contact(phone, None, email)
        if draw < 0.86:
            return Contact(phone, None, None)
        return Contact(None, None, email if draw < 0.985 else None)

    def next_phone(self) -> Contact:
        """What the customer leaves in a record that has room for a phone only."""
        customer, dice = self._customer, self._dice
        if self._at_front_desk():
            return self._front_desk()
        draw = dice.random()
        if draw > 0.98:
            return Contact(None, None, None)
        return Contact(customer.phones[0], self._second_phone() if draw < 0.2 else None, None)

    def own_phone(self) -> str:
        """The phone that a chat account is registered under: never a front desk's."""
        self.handed_out += 1
        return self._customer.phones[0]

    def _second_phone(self) -> str | None:
        return self._customer.phones[1] if len(self._customer.phones) > 1 else None

    def _at_front_desk(self) -> bool:
        """Count the record and tell whether it is one that holds the front desk's number."""
        self.handed_out += 1
        return self._customer.hub is not None and (
            self.handed_out == 2 or (self.handed_out > 2 and self._dice.chance(0.25))
        )

    def _front_desk(self) -> Contact:
        hub, dice = self._customer.hub, self._dice
        if hub is None:
            raise AssertionError("only customers with a front desk come here")
        email = self._customer.email if dice.chance(0.7) else None
        if hub.email and dice.chance(0.4):
            email = hub.email
        return Contact(hub.phone, None, email, at_front_desk=True)
