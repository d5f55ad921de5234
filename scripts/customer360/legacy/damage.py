"""What happens to names, emails and places on their way into a register."""

from __future__ import annotations

from customer360.legacy.dice import Dice
from customer360.legacy.names import OrganizationName, PersonName, without_accents

BLANK_NAMES = ("", " ", None, "-", "Unknown")
EMAIL_PLACEHOLDERS = ("test@test.com", "noemail@example.com", "na@na.com", "none")
_HONORIFICS = {
    "IN": ("Mr. ", "Mrs. ", "Dr. ", "Shri ", "Smt. ", "Mr "),
    "FR": ("M. ", "Mme ", "Mme. ", "Dr "),
    "BR": ("Sr. ", "Sra. ", "Dra. "),
    **dict.fromkeys(("CO", "MX", "AR", "CL", "PE"), ("Sr. ", "Sra. ", "Don ", "Doña ", "Dra. ")),
}
_HONORIFICS_ELSEWHERE = ("Mr. ", "Mrs. ", "Ms ", "Dr. ", "Hon. ")
_MISTYPED_DOMAINS = {
    "gmail.com": ("gmial.com", "gmail.con", "gmai.com"),
    "hotmail.com": ("hotmial.com", "hotmail.co"),
    "yahoo.com": ("yaho.com",),
}
_CITY_ALIASES = {
    "Mumbai": "Bombay", "Bengaluru": "Bangalore", "Chennai": "Madras", "Kolkata": "Calcutta",
    "Bogotá": "Santa Fe de Bogotá", "Ciudad de México": "CDMX", "Pune": "Poona", "Kochi": "Cochin",
}  # fmt: skip
_LEGAL_FORM_SPELLINGS = {
    "Pvt. Ltd.": ("Pvt Ltd", "PVT LTD", "Private Limited", "(P) Ltd."),
    "Private Limited": ("Pvt. Ltd.", "Pvt Ltd", "Ltd"),
    "Pvt Ltd": ("Pvt. Ltd.", "Private Limited"),
    "S.A. de C.V.": ("SA de CV", "S.A."),
}
_ACTIVITY_SPELLINGS = {
    "Hospital": ("Hosp.", "Hospitals", "Hospitel", "HOSPITAL"),
    "Hospital & Research Centre": ("Hospital and Research Center", "Hosp & RC", "Hospital"),
    "Diagnostics": ("Diagnostic", "Diagnostics Centre"),
    "Diagnostic Centre": ("Diagnostic Center", "Diagnostics"),
    "Institute of Medical Sciences": ("IMS", "Inst. of Medical Sciences"),
}


def spell(dice: Dice, name: PersonName | OrganizationName, country: str) -> str | None:
    """The name as one record has it: right about half of the time."""
    draw = dice.random()
    if draw < 0.42:
        return name.full
    if draw < 0.435:
        return dice.pick(BLANK_NAMES)
    if draw < 0.60:
        return on_the_surface(dice, name.full)
    if draw < 0.63 and isinstance(name, PersonName) and name.devanagari:
        return name.devanagari
    if isinstance(name, PersonName):
        return _spell_person(dice, name, country)
    return _spell_organization(dice, name)


def on_the_surface(dice: Dice, text: str) -> str:
    """Other case, accents, spaces, or an encoding read wrongly: the letters stay."""
    draw = dice.random()
    if draw < 0.28:
        return text.upper()
    if draw < 0.52:
        return text.lower()
    if draw < 0.77:
        return without_accents(text)
    if draw < 0.93:
        spaced = text.replace(" ", "  "), text.replace(" ", "\xa0")
        return dice.pick((f" {text}", f"{text} ", f"{text}\t", *spaced))
    return mojibake(text)


def mojibake(text: str) -> str:
    """UTF-8 read as Windows-1252, once; where that gives nothing readable, the accents are lost instead."""
    try:
        return text.encode().decode("cp1252")
    except UnicodeDecodeError:
        return without_accents(text)


def typo(dice: Dice, text: str) -> str:
    """One slip of the finger: a letter left out, doubled, or swapped with the next."""
    if len(text) < 4:
        return text
    at = dice.between(1, len(text) - 2)
    draw = dice.random()
    if draw < 0.34:
        return text[:at] + text[at + 1 :]
    if draw < 0.67:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _spell_person(dice: Dice, name: PersonName, country: str) -> str:
    given, middle, last = name.given, name.middle, name.last
    draw = dice.random()
    if draw < 0.17:
        return f"{last}, {given}" if name.initials_first or not middle else f"{last}, {given} {middle}"
    if draw < 0.30:
        return dice.pick(_HONORIFICS.get(country, _HONORIFICS_ELSEWHERE)) + name.full
    if draw < 0.44:
        return f"{given} {last}"
    if draw < 0.55:
        return f"{given} {last.split(' ')[0]}"
    if draw < 0.66:
        return f"{given[0]}. {last}" if not name.initials_first else f"{given} {last[0]}"
    if draw < 0.72:
        return f"{given} {last[0]}."
    if draw < 0.88:
        return typo(dice, name.full)
    return f"{name.full} (VIP)" if draw < 0.95 else given


def _spell_organization(dice: Dice, name: OrganizationName) -> str:
    draw = dice.random()
    if draw < 0.3:
        return name.plain
    if draw < 0.5 and name.legal_form in _LEGAL_FORM_SPELLINGS:
        return f"{name.plain} {dice.pick(_LEGAL_FORM_SPELLINGS[name.legal_form])}"
    if draw < 0.75 and name.activity in _ACTIVITY_SPELLINGS:
        return f"{name.proper} {dice.pick(_ACTIVITY_SPELLINGS[name.activity])}"
    if draw < 0.85:
        return typo(dice, name.full)
    if draw < 0.9:
        return f"{name.full} (VIP)"
    reworded = name.full.replace("&", "and"), name.full.replace(".", "")
    return dice.pick((*reworded, f"M/s {name.full}", name.proper))


def email_text(dice: Dice, email: str | None, owner: str = "") -> str | None:
    """An email column's text: the address, dressed up now and then; `owner` is for `Name <address>`."""
    draw = dice.random()
    if email is None:
        return None if draw < 0.7 else "" if draw < 0.88 else dice.pick(EMAIL_PLACEHOLDERS)
    if draw < 0.74:
        return email
    if draw < 0.81:
        return email.upper()
    if draw < 0.86:
        return email.title()
    if draw < 0.91:
        return dice.pick((f" {email}", f"{email} ", email.replace("@", " @")))
    if draw < 0.94:
        return f"mailto:{email}"
    if draw < 0.972:
        return f"{owner or 'Contact'} <{email}>"
    if draw < 0.993:
        return email + dice.pick((".", ",", ";"))
    local, _, domain = email.partition("@")
    return f"{local}@{dice.pick(_MISTYPED_DOMAINS.get(domain, (domain,)))}"


def city_text(dice: Dice, city: str) -> str | None:
    """A city as one record has it."""
    draw = dice.random()
    if draw < 0.72:
        return city
    if draw < 0.84:
        return without_accents(city)
    if draw < 0.90:
        return city.upper()
    if draw < 0.94:
        return f"{city} "
    return _CITY_ALIASES.get(city, city) if draw < 0.97 else dice.pick((None, ""))
