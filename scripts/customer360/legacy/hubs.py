"""Front desks: phones, and some role emails, that many people of one tenant gave instead of their own."""

from __future__ import annotations

from dataclasses import dataclass

from customer360.legacy.dice import Dice

MIN_USERS, MAX_USERS = 8, 60
# Where the next desk opens, over and over: large groups first, so that small populations fill theirs.
_OPENINGS = (
    ("IN", "meridian"),
    ("IN", "meridian"),
    ("CO", "pacifico"),
    ("FR", "meridian"),
    ("IN", "meridian"),
    ("KE", "sahara"),
    ("FR", "sahara"),
    ("RW", "sahara"),
    ("MX", "pacifico"),
    ("IN", "sahara"),
)


@dataclass(frozen=True, slots=True)
class Hub:
    """A shared phone, and now and then the shared mailbox of the same desk."""

    tenant: str
    phone: str
    email: str | None


@dataclass(slots=True)
class _Desk:
    hub: Hub
    room: int
    """How many more people will give its number."""


class FrontDesks:
    """Opens desks as people come by and lets each person of the right tenant and country use at most one."""

    def __init__(self, people: int) -> None:
        """One desk for 150 people up to 3,000, then one for 400; never fewer than three."""
        self._wanted = max(3, min(people, 3_000) // 150 + max(0, people - 3_000) // 400)
        # The last ones open while enough people are still to come.
        self._interval = 0.6 * people / self._wanted
        self._announced = 0
        self._waiting = dict.fromkeys(_OPENINGS, 0)
        self._desks: dict[tuple[str, str], _Desk] = {}
        self.opened: list[Hub] = []

    def assign(self, dice: Dice, number: int, country: str, tenant: str, phone: str) -> Hub | None:
        """The desk that this person uses, if any; `phone` serves should a desk open here."""
        while self._announced < self._wanted and number >= self._announced * self._interval:
            self._waiting[_OPENINGS[self._announced % len(_OPENINGS)]] += 1
            self._announced += 1
        key = (country, tenant)
        desk = self._desks.get(key)
        if desk is None or desk.room == 0:
            if not self._waiting.get(key):
                return None
            self._waiting[key] -= 1
            desk = self._desks[key] = self._open(dice, number, tenant, phone)
        if not dice.chance(0.6):
            return None
        desk.room -= 1
        return desk.hub

    def _open(self, dice: Dice, number: int, tenant: str, phone: str) -> _Desk:
        mailbox = f"{dice.pick(('info', 'contact', 'booking'))}@travels{number}.com"
        hub = Hub(tenant, phone, mailbox if dice.chance(0.35) else None)
        self.opened.append(hub)
        return _Desk(hub, MIN_USERS + int(dice.random() ** 2.2 * (MAX_USERS - MIN_USERS + 1)))
