"""Ways to write a phone number, and what is known of each.

In most styles libphonenumber is the authority: whatever it makes of the text is right. `BEYOND` names the others, with
the reason why it is not; there the number that was written is known, and finding it is what counts.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from digit_ranges import Automaton
from phone_metadata import NON_GEOGRAPHIC, metadata_of

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
# What libphonenumber does with these instead of finding the number.
BEYOND = {
    "E.164 that is not read back": "takes a trunk prefix off its own E.164 form (Belarus) and finds nothing",
    "begins like a prefix for abroad": "takes the first digits of a national number for the region's prefix for abroad",
    "trunk prefix out of place": "takes Colombia's 0 and 3 for a carrier's 03; Gabon and Canada's 310 have none",
    "plus before a trunk prefix": "finds no country code",
    "own country code like an area code": "takes Brazil's 55 for the area code 55",
    "00 and the own country code": "takes 005 in Colombia, 0055 in Brazil for a carrier's prefix for abroad",
    "00 where another prefix is dialled": "knows only the prefix that the region dials",
    "foreign country code without plus": "tries the region's own country code only",
    "former Mexican prefixes": "no longer knows 01, 044, 045 and +52 1, which ended in 2019",
    "WhatsApp id": "does not know the notation",
    "two numbers": "reads all digits as one number",
    "words after": "reads the words as vanity letters",
    "a stray character": "refuses a text with a character that is no punctuation of phone numbers",
    "spreadsheet float": "reads the 0 of .0 as a digit",
    "region in small letters": "knows regions by capitals only",
}

_ZEROS = "\u0660\u06f0\u0966\u09e6\u0e50"  # Arabic, Persian, Devanagari, Bengali, Thai
_KEYPAD = {"2": "ABC", "3": "DEF", "4": "GHI", "5": "JKL", "6": "MNO", "7": "PQRS", "8": "TUV", "9": "WXYZ"}
_EXTENSIONS = (
    " ext. ",
    " ext ",
    " x",
    "x",
    " #",
    ";ext=",
    " доб. ",
    ", ",
    " extension ",
    ",,",
    " anexo ",
    " int ",
    "#",
    "~",
    " EXT. ",
)


@dataclass(frozen=True)
class Sample:
    """One text as somebody in a region wrote it; `meant` is None where libphonenumber says what it is."""

    style: str
    raw: str
    region: str
    meant: str | None = None


def libphonenumber(raw: str, region: str | None) -> str | None:
    """What libphonenumber makes of a text: E.164 if it can be parsed and is valid, else None."""
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if valid else None


@cache
def dialled_abroad(region: str) -> tuple[str, ...]:
    """Every prefix that one dials in a region before a foreign country code."""
    automaton = Automaton([metadata_of(region, 0).international_prefix or "00"])

    def walk(state: frozenset[int], read: str) -> Iterator[str]:
        if automaton.matched(state):
            yield read
        for digit in range(10):
            if after := automaton.step(state, digit):
                yield from walk(after, f"{read}{digit}")

    return tuple(walk(automaton.start, ""))


@dataclass(frozen=True)
class Written:
    """A number of a region, with another one, and the ways to write it."""

    number: PhoneNumber
    another: PhoneNumber
    region: str
    chance: random.Random

    def in_style(self, style: str) -> Sample | None:
        """The number in that style; None where the region has no such way."""
        if self.region == NON_GEOGRAPHIC and style in _AT_HOME:
            return None
        raw = STYLES[style](self)
        if raw is None or (style != "spreadsheet float" and re.search(r"[.]0+$", raw)):
            return None
        region, meant = self.region, self.e164 if style in BEYOND else None
        if region == NON_GEOGRAPHIC or style == "from another region" or "00 where" in style or "foreign" in style:
            region = self.chance.choice(("US", "CA", "JM") if "00 where" in style else REGIONS)
        if meant is None and not self._is_read_back:
            return Sample("E.164 that is not read back", self.e164, region, self.e164)
        if meant is None and (other := self._beyond(style, raw)):
            style, meant = other, "+" + re.sub(r"\D", "", raw) if other == _FOREIGN else self.e164
        return Sample(style, raw, region.lower() if style == "region in small letters" else region, meant)

    def format(self, form: int) -> str:
        """The number in one of libphonenumber's formats."""
        return phonenumbers.format_number(self.number, form)

    @cached_property
    def e164(self) -> str:
        """+ country code national number."""
        return self.format(PhoneNumberFormat.E164)

    @cached_property
    def international(self) -> str:
        """+ country code and grouped digits."""
        return self.format(PhoneNumberFormat.INTERNATIONAL)

    @cached_property
    def national(self) -> str:
        """As written at home."""
        return self.format(PhoneNumberFormat.NATIONAL)

    @cached_property
    def other(self) -> str:
        """Another number of the region, as written at home."""
        return phonenumbers.format_number(self.another, PhoneNumberFormat.NATIONAL)

    @cached_property
    def digits(self) -> str:
        """As dialled at home."""
        return re.sub(r"\D", "", self.national)

    @cached_property
    def significant(self) -> str:
        """The national number without any prefix."""
        return phonenumbers.national_significant_number(self.number)

    @cached_property
    def full(self) -> str:
        """E.164 without its plus."""
        return self.e164[1:]

    @cached_property
    def _is_read_back(self) -> bool:
        return libphonenumber(self.e164, None) == self.e164

    def _beyond(self, style: str, raw: str) -> str | None:
        """The style in `BEYOND` that a text in an authority style turns out to be in."""
        digits = re.sub(r"\D", "", raw)
        refused = libphonenumber(raw, self.region) is None
        if refused and "+" not in raw and len(digits) > 11 and _mobile(f"+{digits}"):
            return _FOREIGN
        if raw.startswith("+0"):
            return "plus before a trunk prefix"
        if self.region == NON_GEOGRAPHIC:
            return None
        abroad = dialled_abroad(self.region)
        if style == "trunk prefix after country code" and (self.region in ("CO", "GA") or len(self.significant) == 7):
            return "trunk prefix out of place"
        if style == "own country code without plus" and refused:
            return "own country code like an area code"
        if style == "prefix for abroad" and digits.startswith(f"00{self.number.country_code}"):
            return "00 and the own country code" if digits.startswith(tuple(set(abroad) - {"00"})) else None
        return "begins like a prefix for abroad" if style in _NATIONAL and digits.startswith(abroad) else None

    def abroad(self) -> str | None:
        """The number as one dials it from another region."""
        if self.region == NON_GEOGRAPHIC:
            return None
        return self.chance.choice(dialled_abroad(self.region)) + self.chance.choice(
            (self.full, " " + self.international[1:])
        )

    def with_trunk(self) -> str | None:
        """The trunk prefix in brackets after the country code."""
        trunk = None if self.region == NON_GEOGRAPHIC else metadata_of(self.region, 0).national_prefix
        return f"+{self.number.country_code} ({trunk}){self.significant}" if trunk else None

    def spelled(self) -> str | None:
        """The last digits as letters of the keypad."""
        tail = re.search(r"[2-9]{4,7}$", self.full)
        if tail is None or self.number.country_code != 1:
            return None
        word = "".join(self.chance.choice(_KEYPAD[digit]) for digit in tail[0])
        return f"{self.any('1-', '')}{self.significant[:3]}-{self.significant[3 : -len(word)]}{word}"

    def extension(self, text: str) -> str:
        """With an extension of one to four digits behind."""
        return f"{text}{self.chance.choice(_EXTENSIONS)}{self.chance.randint(1, 9999)}"

    def in_script(self) -> str:
        """With the digits of another script."""
        zero = ord(self.chance.choice(_ZEROS))
        return self.international.translate({ord("0") + digit: zero + digit for digit in range(10)})

    def damaged(self, text: str, damage: Callable[[str], str]) -> str:
        """One digit of the text replaced by what `damage` makes of it."""
        at = self.chance.choice([place for place, character in enumerate(text) if character.isdigit()])
        return text[:at] + damage(text[at]) + text[at + 1 :]

    def with_inside(self, text: str, characters: str) -> str:
        """One of the characters put somewhere between the digits."""
        at = self.chance.randrange(2, len(text))
        return text[:at] + self.chance.choice(characters) + text[at:]

    def any(self, *texts: str) -> str:
        """One of the texts."""
        return self.chance.choice(texts)

    def digit(self) -> str:
        """Any digit."""
        return self.chance.choice("0123456789")


def _mobile(e164: str) -> bool:
    kinds = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    try:
        return phonenumbers.number_type(phonenumbers.parse(e164)) in kinds
    except phonenumbers.NumberParseException:
        return False


_NATIONAL = {
    *("national", "national digits", "national significant number", "dots", "slashes", "extension, national"),
    *("label before", "a punctuation too many"),
}
# Ways to write that presume a region that the number belongs to.
_AT_HOME = {"two numbers", "words after", "a stray character", "spreadsheet float", "region in small letters"}
_FOREIGN = "foreign country code without plus"
STYLES: dict[str, Callable[[Written], str | None]] = {
    "E.164": lambda w: w.e164,
    "international": lambda w: w.international,
    "country code in brackets": lambda w: f"(+{w.number.country_code}) {w.significant}",
    "national": lambda w: w.national,
    "national digits": lambda w: w.digits,
    "national significant number": lambda w: w.significant,
    "RFC 3966": lambda w: w.format(PhoneNumberFormat.RFC3966),
    "RFC 3966, phone-context": lambda w: f"tel:{w.significant};phone-context=+{w.number.country_code}",
    "own country code without plus": lambda w: (
        None if w.region == NON_GEOGRAPHIC else w.any(w.full, w.international[1:])
    ),
    "from another region": lambda w: w.international,
    "prefix for abroad": lambda w: w.abroad(),
    "trunk prefix after country code": lambda w: w.with_trunk(),
    "dots": lambda w: re.sub(r"[ -]", ".", w.national),
    "slashes": lambda w: re.sub(r"[ -]", "/", w.national, count=1),
    "typographic signs": lambda w: w.international.replace(" ", "\u00a0").replace("-", "\u2011"),
    "full width": lambda w: "".join(chr(ord(c) + 0xFEE0) if c != " " else "\u3000" for c in w.international),
    "digits of other scripts": lambda w: w.in_script(),
    "label before": lambda w: w.any("Tel: ", "Phone ", "Mob.: ", "p:") + w.any(w.international, w.national),
    "extension": lambda w: w.extension(w.international),
    "extension, national": lambda w: w.extension(w.national),
    "vanity letters": lambda w: w.spelled(),
    "a digit changed": lambda w: w.damaged(w.any(w.international, w.national), lambda _: w.digit()),
    "a digit lost": lambda w: w.damaged(w.any(w.international, w.national), lambda _: ""),
    "a digit too many": lambda w: w.damaged(w.any(w.international, w.national), lambda digit: digit + w.digit()),
    "a punctuation too many": lambda w: w.with_inside(w.any(w.international, w.national), " -.()/"),
    "random digits": lambda w: "".join(w.digit() for _ in range(w.chance.randint(4, 15))),
    "no number": lambda w: w.any("", " ", "-", "n/a", "none", "unknown", "no phone", "0", "?", "x", "call reception"),
    "00 and the own country code": lambda w: f"00{w.full}" if w.region in ("CO", "BR") else None,
    "00 where another prefix is dialled": lambda w: f"00 {w.full}" if len(w.full) > 9 else None,
    "foreign country code without plus": lambda w: w.full if _mobile(w.e164) and len(w.full) > 11 else None,
    "former Mexican prefixes": lambda w: (
        w.any("01 ", "044 ", "045 ", "+52 1 ", "521") + w.significant if w.region == "MX" and _mobile(w.e164) else None
    ),
    "WhatsApp id": lambda w: (
        w.any("{}@s.whatsapp.net", "{}@c.us", "{}:7@s.whatsapp.net", "whatsapp:+{}", "https://wa.me/{}").format(w.full)
    ),
    "two numbers": lambda w: w.national + w.any(" / ", ", ", "; ", " or ", "\n") + w.other,
    "words after": lambda w: (
        w.any(w.international, w.national) + w.any(" (office)", " home", " - Ramesh", " después de las 6")
    ),
    "a stray character": lambda w: w.with_inside(w.any(w.international, w.national), "\t:_'\"?"),
    "spreadsheet float": lambda w: f"{w.full}.0",
    "region in small letters": lambda w: w.national,
}  # fmt: skip
