"""The made-up customers themselves: who exists, in which tenant, with which phones, and in which systems.

People come out one after the other and are forgotten, so memory does not grow with their number. Four
groups are made to mislead a matcher: households share a phone, front desks lend theirs to many, some
people are customers of two tenants, and homonyms happen by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from customer360.legacy import habits
from customer360.legacy.dates import FIRST_SECOND, LAST_SECOND
from customer360.legacy.dice import Dice
from customer360.legacy.hubs import FrontDesks, Hub
from customer360.legacy.names import OrganizationName, PersonName, organization_name, person_name, slug
from customer360.legacy.numbers import PLANS
from customer360.legacy.places import COUNTRIES, Country

# Phone numbers are dealt out in slots: so many for every place in the stream.
SLOTS = 4
OWN, SECOND, PROVIDER, FRONT_DESK = range(SLOTS)


@dataclass(frozen=True, slots=True)
class Organization:
    """What registers hold about an organisation besides its name."""

    kind: str
    organization_id: str
    registration_number: str
    gst_number: str | None
    website: str
    contacts: tuple[PersonName, ...]
    """Staff whose names appear beside the organisation's own phone."""
    busy: bool
    """Has more than ten tickets."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One person or organisation in one tenant: what the truth calls an entity."""

    number: int
    person_id: str
    tenant: str
    country: Country
    city: str
    state: str
    name: PersonName | OrganizationName
    phones: tuple[str, ...]
    email: str | None
    systems: tuple[str, ...]
    first_seen: int
    organization: Organization | None = None
    household_id: str | None = None
    hub: Hub | None = None
    wa_forms: tuple[int, ...] = (0, 0, 0, 0, 0, 1, 2, 3)
    """Spellings of a WhatsApp id this customer may use, so that ids stay unique where phones are not."""

    @property
    def kind(self) -> str:
        """`organization` or `person`."""
        return "organization" if self.organization else "person"


class Population:
    """All customers of one (people, seed), in order, each made when it is asked for."""

    def __init__(self, people: int, dice: Dice) -> None:
        """Lay out the front desks; nobody is made yet."""
        self._people = people
        self._dice = dice
        self._start = dice.getrandbits(40)
        self._mumbai_organizations = 0
        self.desks = FrontDesks(people)

    def __iter__(self) -> Iterator[Customer]:
        """Make the customers one by one."""
        made = 0
        while made < self._people:
            for customer in self._next_group(made, self._people - made):
                yield customer
                made += 1

    def phone(self, country: str, number: int, slot: int) -> str:
        """The number in a slot of a place in the stream; nobody else has it."""
        return PLANS[country].nth(number * SLOTS + slot, start=self._start)

    def _next_group(self, number: int, room: int) -> list[Customer]:
        """One customer, or the members of a household, or one person in two tenants."""
        dice = self._dice
        code = dice.pick(habits.COUNTRIES)
        tenant = dice.pick(habits.TENANTS_OF[code])
        if dice.chance(0.145 if code == "IN" else 0.03):
            return [self._organization(number, code, tenant)]
        draw = dice.random()
        if draw < 0.011 and room > 1:
            return self._household(number, min(room, dice.pick((2, 2, 3, 3, 4))), code, tenant)
        person = self._person(number, code, tenant)
        if draw < 0.021 and room > 1:
            return self._in_two_tenants(person)
        if draw < 0.14:
            person = replace(person, phones=(*person.phones, self.phone(code, number, SECOND)))
        hub_phone = self.phone(code, number, FRONT_DESK)
        return [replace(person, hub=self.desks.assign(dice, number, code, tenant, hub_phone))]

    def _person(self, number: int, code: str, tenant: str, *, family: str | None = None) -> Customer:
        dice = self._dice
        country = COUNTRIES[code]
        name = person_name(dice, code, family=family)
        city, state = dice.pick(country.cities)
        return Customer(
            number=number,
            person_id=f"p{number:07d}",
            tenant=tenant,
            country=country,
            city=city,
            state=state,
            name=name,
            phones=(self.phone(code, number, OWN),),
            email=_email(dice, name, code, number) if dice.chance(0.85) else None,
            systems=_systems(dice, habits.HOMES_OF[code]),
            first_seen=_first_seen(dice),
        )

    def _household(self, number: int, size: int, code: str, tenant: str) -> list[Customer]:
        head = self._person(number, code, tenant)
        family = head.name.last if isinstance(head.name, PersonName) else None
        members = [head]
        while len(members) < size:
            keeps_name = not family.endswith(".") and self._dice.chance(0.85) if family else False
            member = self._person(number + len(members), code, tenant, family=family if keeps_name else None)
            if all(member.name.full != other.name.full for other in members):
                members.append(replace(member, phones=head.phones, city=head.city, state=head.state))
        return [
            replace(member, household_id=f"h{number:07d}", wa_forms=(place,)) for place, member in enumerate(members)
        ]

    def _in_two_tenants(self, person: Customer) -> list[Customer]:
        number = person.number + 1
        twin = replace(
            person,
            number=number,
            person_id=f"p{number:07d}",
            tenant=self._dice.pick([tenant for tenant in habits.TENANTS if tenant != person.tenant]),
            systems=_systems(self._dice, person.systems),
            first_seen=_first_seen(self._dice),
            wa_forms=(2, 3),
        )
        return [replace(person, wa_forms=(0, 1)), twin]

    def _organization(self, number: int, code: str, tenant: str) -> Customer:
        dice = self._dice
        country = COUNTRIES[code]
        city, state = dice.pick(country.cities)
        kind = dice.pick(habits.ORGANIZATION_KINDS)
        name = organization_name(dice, code, kind, city)
        domain = f"{slug(name.proper)}{number}.{'in' if code == 'IN' else 'com'}"
        if city == "Mumbai":
            self._mumbai_organizations += 1
        phones = [self.phone(code, number, OWN)]
        if dice.chance(0.12):
            phones.append(self.phone(code, number, SECOND))
        return Customer(
            number=number,
            person_id=f"p{number:07d}",
            tenant=tenant,
            country=country,
            city=city,
            state=state,
            name=name,
            phones=tuple(phones),
            email=f"{dice.pick(habits.MAILBOXES)}@{domain}" if dice.chance(0.85) else None,
            systems=_systems(dice, ("field_service",), seldom=True),
            first_seen=_first_seen(dice),
            organization=Organization(
                kind=kind,
                organization_id=dice.uuid(),
                registration_number=f"{state[:2].upper()}/{kind[:3].upper()}/{number:06d}",
                gst_number=_gst(dice, number) if code == "IN" else None,
                website=f"https://www.{domain}",
                contacts=tuple(person_name(dice, code) for _ in range(dice.between(1, 3))),
                busy=city == "Mumbai" and self._mumbai_organizations % 4 == 1,
            ),
        )


def _systems(dice: Dice, homes: tuple[str, ...], *, seldom: bool = False) -> tuple[str, ...]:
    """The home system and, for 35 % of customers, others."""
    chosen = [dice.pick(homes)]
    wanted = 1 if seldom and dice.chance(0.5) else dice.pick(habits.NUMBER_OF_SYSTEMS)
    while len(chosen) < wanted:
        other = dice.pick(habits.SYSTEMS)
        if other not in chosen:
            chosen.append(other)
    return tuple(chosen)


def _first_seen(dice: Dice) -> int:
    return FIRST_SECOND + int(dice.random() * 0.92 * (LAST_SECOND - FIRST_SECOND))


def _email(dice: Dice, name: PersonName, country: str, number: int) -> str:
    """An address that carries the customer's number, so that no two are alike."""
    given, family = slug(name.given), slug(name.last)
    full = f"{given}.{family}", f"{given}{family}", f"{family}.{given}"
    local = dice.pick((*full, f"{given[0]}{family}", given))
    return f"{local}{number}@{dice.pick(habits.EMAIL_DOMAINS_OF[country])}"


def _gst(dice: Dice, number: int) -> str:
    """A tax number in the shape of India's: state, PAN, entity, Z, check digit."""
    letters = "".join(dice.pick("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(5))
    ten_thousands, units = divmod(number, 10_000)
    check = "ABCDEFGHJK"[ten_thousands % 10]
    return f"{dice.between(1, 37):02d}{letters}{units:04d}{check}{ten_thousands // 10 % 9 + 1}Z{check}"
