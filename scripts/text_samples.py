"""E-mail addresses and names as columns hold them, for the benchmark: mostly plain, some damaged, a fifth accented."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator

from customer360.legacy.lexicon import (
    FRENCH_GIVEN,
    FRENCH_SURNAME,
    HINDI_GIVEN,
    HINDI_SURNAME,
    ORGANIZATION_FIRST,
    SPANISH_GIVEN,
    SPANISH_SURNAME,
)

_CULTURES = ((HINDI_GIVEN, HINDI_SURNAME), (FRENCH_GIVEN, FRENCH_SURNAME), (SPANISH_GIVEN, SPANISH_SURNAME))
_PROVIDERS = ("gmail.com", "GMAIL.COM", "hotmail.com", "orange.fr", "example.co.in")
# How a value is written, and how often of a hundred.
_NAMES = {
    **{"{given} {family}": 45, "{family} {given}": 10, "{family}, {given}": 10, "Dr. {given} {family}": 5},
    **{"{given} {middle} {family}": 15, "{given} {family} (VIP)": 2, "M. {family}": 3, "": 5, "n/a": 2, "test": 1},
    **{"{given}  {family}-{middle}": 2},
}
_ORGANIZATIONS = {
    **{
        "{first} Hospital": 25,
        "{first} Hospital Pvt. Ltd.": 20,
        "{letters} Diagnostics": 10,
        "Clinique {family} SARL": 10,
    },
    **{"Comercial {family} S.A.S.": 15, "M/s {first} & Sons": 5, "The {first} Company, Inc.": 10, "n/a": 5},
}
_EMAILS = {
    **{"{a}.{b}@{provider}": 60, "{a}{n}@{provider}": 20, "": 8, " {a}.{b}@{provider} ": 4, "n/a": 2},
    **{"{given} {family} <{a}@{provider}>": 2, "mailto:{a}@{provider}": 2, "{a}@{provider}; {b}@{provider}": 2},
}


def names(seed: int, size: int) -> Iterator[str]:
    """Names of people."""
    return _written(seed, size, _NAMES)


def organizations(seed: int, size: int) -> Iterator[str]:
    """Names of organisations."""
    return _written(seed, size, _ORGANIZATIONS)


def emails(seed: int, size: int) -> Iterator[str]:
    """E-mail addresses."""
    return _written(seed, size, _EMAILS)


def _local_part(name: str) -> str:
    """As people spell their names in an address: without accents."""
    return re.sub("[^a-z]", "", unicodedata.normalize("NFKD", name).lower())


def _written(seed: int, size: int, styles: dict[str, int]) -> Iterator[str]:
    chance = random.Random(seed)
    ways, weights = list(styles), list(styles.values())
    for way in chance.choices(ways, weights, k=size):
        given, family = (chance.choice(words) for words in chance.choice(_CULTURES))
        middle = chance.choice(SPANISH_GIVEN)
        text = way.format(
            given=given,
            family=family,
            middle=middle,
            first=chance.choice(ORGANIZATION_FIRST),
            letters="".join(f"{letter}." for letter in family[:3].upper()),
            a=_local_part(given),
            b=_local_part(family),
            n=chance.randrange(1000),
            provider=chance.choice(_PROVIDERS),
        )
        yield text.upper() if chance.random() < 0.15 else text
