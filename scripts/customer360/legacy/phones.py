"""Phone numbers as people typed them: every spelling here still means the number that it was made from.

A number is written in national form only where its country goes without saying: the record names the
country, or the system serves that country by default.
"""

from __future__ import annotations

from customer360.legacy.dice import Dice
from customer360.legacy.numbers import PLANS, MobilePlan

PLACEHOLDERS = ("0000000000", "9999999999", "1234567890", "+10000000000", "N/A", "-", "xxxx")
_REMARKS = (" call after 6", " (ask for Ravi)", " ask for Ravi", " whatsapp only", " (office)")
_EXTENSIONS = (" ext 12", " ext. 204", " x45", " extn 7")
# Drawn by the letter of a style: clean ones more often.
_INTERNATIONAL = "EEEEEEEEESSSsPPPPdDZzbx"
_NATIONAL = "nnnnnnNNNttttTTdDbXE"


def clean_national(e164: str, country: str) -> str:
    """The national digits with their trunk digit, as a careful clerk writes them."""
    plan = PLANS[country]
    return plan.trunk + plan.national(e164)


def phone_text(dice: Dice, e164: str, country: str, *, national: bool) -> str:
    """One spelling of `e164`, a number of `country`."""
    plan = PLANS[country]
    # Argentina writes a 15 at home instead of the 9 that comes from abroad: never national here.
    if national and country != "AR" and dice.random() < 0.62:
        text = _national(plan, plan.national(e164), dice.pick(_NATIONAL))
    else:
        text = _international(plan, e164, dice.pick(_INTERNATIONAL))
    return text if dice.random() > 0.09 else _decorated(dice, text)


def phone_field(dice: Dice, phone: str | None, second: str | None, country: str, *, national: bool) -> str | None:
    """What a free-text phone column holds: a number, two numbers, a placeholder or nothing."""
    if phone is None:
        draw = dice.random()
        return None if draw < 0.6 else "" if draw < 0.8 else dice.pick(PLACEHOLDERS)
    if second is not None:
        separator = dice.pick((" / ", "/", ", ", " or "))
        both = (phone, second) if dice.random() < 0.5 else (second, phone)
        if national and country != "AR":
            both = (clean_national(both[0], country), clean_national(both[1], country))
        return separator.join(both)
    return phone_text(dice, phone, country, national=national)


def wa_text(e164: str, form: int) -> str:
    """A WhatsApp id in one of four spellings, the usual one first; no two spell alike."""
    digits = e164[1:]
    if form == 1:
        return e164
    if form == 2:
        # WhatsApp still knows Mexican mobiles by the 1 that they were dialled with until 2019.
        return f"521{digits[2:]}@s.whatsapp.net" if digits.startswith("52") else f"{digits}@s.whatsapp.net"
    return f"whatsapp:{e164}" if form == 3 else digits


def _international(plan: MobilePlan, e164: str, style: str) -> str:
    code, national = plan.calling_code, plan.national(e164)
    match style:
        case "E":
            return e164
        case "S":
            return f"+{code} {plan.grouped(national, ' ')}"
        case "s":
            return f"{code} {plan.grouped(national, ' ')}"
        case "P":
            return f"{code}{national}"
        case "d":
            return f"+{code}-{plan.grouped(national, '-')}"
        case "D":
            return f"+{code}.{plan.grouped(national, '.')}"
        case "Z":
            return f"00{code}{national}"
        case "z":
            return f"00 {code} {plan.grouped(national, ' ')}"
        case "b" if plan.trunk:
            return f"+{code} ({plan.trunk}) {plan.grouped(national, ' ')}"
        case "b":
            return f"(+{code}) {plan.grouped(national, ' ')}"
        case _:
            return f"{code}{national}.0"


def _national(plan: MobilePlan, national: str, style: str) -> str:
    # France and East Africa always dial the trunk zero; Excel alone drops it.
    trunk = plan.trunk if len(national) < 10 else ""
    match style:
        case "n":
            return trunk + national
        case "N":
            return trunk + plan.grouped(national, " ")
        case "t":
            return plan.trunk + national
        case "T":
            return plan.trunk + plan.grouped(national, " ")
        case "d":
            return trunk + plan.grouped(national, "-")
        case "D":
            return trunk + plan.grouped(national, ".")
        case "b":
            return f"({trunk}{national[:3]}) {national[3:]}"
        case "X":
            return f"{national}.0"
        case _:
            return f"+{plan.calling_code}{national}"


def _decorated(dice: Dice, text: str) -> str:
    draw = dice.random()
    if draw < 0.3:
        return dice.pick(("Tel: ", "tel:", "Mob ", "Ph. ", "WhatsApp ")) + text
    if draw < 0.6:
        return text + dice.pick(_REMARKS)
    if draw < 0.75:
        return text + dice.pick(_EXTENSIONS)
    return dice.pick((" {}", "{} ", "{}  ", "{};", "'{}")).format(text)
