"""Names of people and organisations, composed so that hundreds of thousands do not exhaust them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from customer360.legacy import lexicon
from customer360.legacy.dice import Dice

LATIN_AMERICA = frozenset({"CO", "MX", "BR", "AR", "CL", "PE"})

# (given names, surnames) with how often an Indian name comes from them.
INDIAN_CULTURES = (
    *[(lexicon.HINDI_GIVEN, lexicon.HINDI_SURNAME)] * 6,
    *[(lexicon.SOUTHERN_GIVEN, lexicon.SOUTHERN_SURNAME)] * 3,
    *[(lexicon.MUSLIM_GIVEN, lexicon.MUSLIM_SURNAME)] * 2,
    (lexicon.CHRISTIAN_GIVEN, lexicon.CHRISTIAN_SURNAME),
)
CULTURES = {
    "FR": (lexicon.FRENCH_GIVEN, lexicon.FRENCH_SURNAME),
    "BR": (lexicon.BRAZILIAN_GIVEN, lexicon.BRAZILIAN_SURNAME),
    **dict.fromkeys(("CO", "MX", "AR", "CL", "PE"), (lexicon.SPANISH_GIVEN, lexicon.SPANISH_SURNAME)),
    **dict.fromkeys(("KE", "RW", "UG", "TZ"), (lexicon.AFRICAN_GIVEN, lexicon.AFRICAN_SURNAME)),
}
ORGANIZATION_TYPES = {
    "hospital": ("Hospital", "Hospital", "Hospital & Research Centre", "Institute of Medical Sciences"),
    "clinic": ("Clinic", "Polyclinic", "Nursing Home"),
    "lab": ("Diagnostics", "Pathology Lab", "Diagnostic Centre", "Laboratories"),
    "manufacturer": ("Medical Systems", "Healthcare Industries", "Instruments"),
    "dealer": ("Surgicals", "Medical Agencies", "Equipments"),
}
LEGAL_FORMS = {
    "IN": ("", "", "", "Pvt. Ltd.", "Private Limited", "LLP", "Trust", "Pvt Ltd", "Limited"),
    "FR": ("", "SARL", "SAS", "S.A."),
    "MX": ("", "S.A. de C.V."),
    "BR": ("", "Ltda.", "S/A"),
}
LEGAL_FORMS_ELSEWHERE = ("", "S.A.S.", "Ltd", "Limited")
FOUNDATIONS = {
    "FR": ("Clinique {}", "Laboratoire {}", "Polyclinique {}", "Cabinet médical {}", "Hôpital {}"),
    "BR": ("Clínica {}", "Hospital {}", "Laboratório {}", "Distribuidora {}"),
    **dict.fromkeys(("KE", "RW", "UG", "TZ"), ("{} Medical Centre", "{} Clinic", "{} Hospital", "{} Diagnostics")),
}
FOUNDATIONS_ELSEWHERE = ("Clínica {}", "Hospital {}", "Laboratorio {}", "Distribuidora Médica {}")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's full name in its parts."""

    given: str
    middle: str
    family: str
    initials_first: bool = False
    """Written `S. Venkatesan` at home, as in South India, where the initial is the father's."""

    @property
    def full(self) -> str:
        """The name as its bearer writes it."""
        if self.initials_first:
            return f"{self.middle} {self.given}"
        return f"{self.given} {self.middle} {self.family}" if self.middle else f"{self.given} {self.family}"

    @property
    def last(self) -> str:
        """What a form has under last name."""
        return self.middle if self.initials_first else self.family

    @property
    def devanagari(self) -> str | None:
        """The name in Devanagari, when the lexicon has it."""
        given, family = lexicon.DEVANAGARI.get(self.given), lexicon.DEVANAGARI.get(self.family)
        return f"{given} {family}" if given and family else None


@dataclass(frozen=True, slots=True)
class OrganizationName:
    """An organisation's name in its parts."""

    proper: str
    activity: str
    legal_form: str

    @property
    def full(self) -> str:
        """The name with its legal form."""
        return f"{self.plain} {self.legal_form}" if self.legal_form else self.plain

    @property
    def plain(self) -> str:
        """The name without its legal form."""
        return f"{self.proper} {self.activity}" if self.activity else self.proper


def person_name(dice: Dice, country: str, *, family: str | None = None) -> PersonName:
    """A name as people in `country` bear it; `family` keeps the surname of a household."""
    if country == "IN":
        givens, surnames = dice.pick(INDIAN_CULTURES)
        given = dice.pick_early(givens)
        if givens is lexicon.SOUTHERN_GIVEN and family is None and dice.chance(0.55):
            initials = dice.pick("SVRKMNPATGBC") + "."
            if dice.chance(0.3):
                initials += dice.pick("SVRKMNPATGBC") + "."
            return PersonName(given, initials, "", initials_first=True)
        middle = dice.pick(givens) if dice.chance(0.28) else ""
        return PersonName(given, "" if middle == given else middle, family or dice.pick_early(surnames))
    givens, surnames = CULTURES[country]
    given = dice.pick_early(givens)
    if country in LATIN_AMERICA:
        surname = family or f"{dice.pick_early(surnames)} {dice.pick(surnames)}"
        middle = dice.pick(givens) if " " not in given and dice.chance(0.3) else ""
    else:
        surname = family or dice.pick_early(surnames)
        middle = dice.pick(givens) if dice.chance(0.45 if country != "FR" else 0.15) else ""
    if country == "RW" and dice.chance(0.3):
        # Kinyarwanda names stand before Christian ones, and a family shares none.
        return PersonName(surname, "", given)
    return PersonName(given, "" if middle == given else middle, surname)


def organization_name(dice: Dice, country: str, kind: str, city: str) -> OrganizationName:
    """A name for a hospital, clinic, laboratory, manufacturer or dealer."""
    legal_form = dice.pick(LEGAL_FORMS.get(country, LEGAL_FORMS_ELSEWHERE))
    if country != "IN":
        founded = dice.pick(FOUNDATIONS.get(country, FOUNDATIONS_ELSEWHERE))
        return OrganizationName(f"{founded.format(dice.pick(CULTURES[country][1]))} {city}", "", legal_form)
    draw = dice.random()
    if draw < 0.3:
        proper = f"{dice.pick(lexicon.ORGANIZATION_FIRST)} {dice.pick(lexicon.ORGANIZATION_SECOND)}"
    elif draw < 0.6:
        proper = f"{dice.pick(lexicon.ORGANIZATION_FIRST)} {dice.pick_early(lexicon.HINDI_SURNAME)}"
    elif draw < 0.8:
        proper = f"Dr. {dice.pick_early(lexicon.HINDI_SURNAME)}'s {dice.pick(lexicon.ORGANIZATION_SECOND)}"
    else:
        proper = f"{dice.pick(lexicon.ORGANIZATION_FIRST)} {city}"
    return OrganizationName(proper, dice.pick(ORGANIZATION_TYPES[kind]), legal_form)


@lru_cache(maxsize=20_000)
def without_accents(text: str) -> str:
    """`text` with its accents dropped, as old systems stored it."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=20_000)
def slug(text: str) -> str:
    """`text` as it would appear in an email address."""
    return "".join(c for c in without_accents(text).lower() if c.isascii() and c.isalnum())
