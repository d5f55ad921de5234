"""Labelled samples of many shapes, made up: what people may bring to `c360 evaluate`, apart from the five that we know.

Writes one folder a shape, as docs/matching.md describes it.

\b
    python benchmarks/labelled_shapes.py shapes firms institutes
    c360 evaluate shapes/firms
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import yaml

from customer360.legacy import lexicon

Record = dict[str, str]
Dice = random.Random

_GIVEN = (*lexicon.FRENCH_GIVEN, *lexicon.SPANISH_GIVEN, *lexicon.CHRISTIAN_GIVEN, *lexicon.HINDI_GIVEN)
_SYLLABLES = ("bar", "chal", "den", "fro", "gan", "hol", "ker", "lin", "mar", "nor", "pel", "ros", "san", "tal", "wen")
_ENDINGS = ("ton", "ley", "ard", "son", "wick", "er", "man", "field", "ier", "ez")
_PLACES = tuple(f"{a.title()}{b}" for a in _SYLLABLES for b in ("ville", "burg", "mouth", "ham"))
_STREETS = tuple(f"{a.title()}{b}" for a in _SYLLABLES for b in _SYLLABLES)
_TRADES = ("Hospital", "Clinic", "Laboratory", "Day Care Center", "Restaurant", "Learning Academy", "Medical Systems")
_SAINTS = ("St. Mary", "Sunrise", "Little Angels", "City", "Royal", "Green Valley", "New Hope", "Central", "Golden")
_UNITS = (
    "Department of Physics",
    "School of Medicine",
    "Dept. of Computer Science",
    "Institute of Statistics",
    "AI Lab",
)
_DOMAINS = ("gmail.com", "mail.fr", "corp.biz")
_LETTERS = "abcdefghijklmnoprstuvwy"


# One entity in five is a relative, or a branch, of the one before.
RELATED_SHARE = 0.2
RELATED = {
    "person": ("last_name", "street", "house_number", "city", "postal_code"),
    "organization": ("organization_name", "phone"),
}


@dataclass(frozen=True)
class Shape:
    """What a sample is like."""

    name: str
    kind: str
    columns: tuple[str, ...]
    records: int
    size: Callable[[Dice], int]
    """Records of one entity."""
    damage: float
    """Chance that a field of a record is not as it should be."""
    blank: float
    """Chance that a field is empty."""
    spell: Callable[[Dice, Record, float], Record]
    make: Callable[[Dice], Record]


def typo(dice: Dice, text: str) -> str:
    """One letter left out, added, changed, or swapped with the next."""
    if len(text) < 2:
        return text
    at = dice.randrange(len(text) - 1)
    letter = dice.choice("0123456789" if text[at].isdigit() else _LETTERS)
    return dice.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + letter + text[at:],
            text[:at] + letter + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        )
    )


def surname(dice: Dice) -> str:
    """One of some thousands, a few of them very common."""
    rank = int(4000 * dice.random() ** 2.5)
    one, rank = divmod(rank, len(_SYLLABLES))
    two, one = divmod(one, len(_ENDINGS))
    middle = _SYLLABLES[two % len(_SYLLABLES)] if two else ""
    return f"{_SYLLABLES[rank]}{middle}{_ENDINGS[one]}".title()


def a_person(dice: Dice) -> Record:
    """Somebody with every attribute."""
    given, last = _GIVEN[int(dice.random() ** 1.8 * len(_GIVEN))], surname(dice)
    city = _PLACES[int(dice.random() ** 1.5 * len(_PLACES))]
    number = dice.randint(1, 9999)
    return {
        "first_name": given,
        "middle_name": dice.choice(_GIVEN) if dice.random() < 0.3 else "",
        "last_name": last,
        "birth_date": f"{dice.randint(1925, 2010)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
        "email": f"{given}.{last}{dice.choice(('', number))}@{dice.choice(_DOMAINS)}".lower().replace(" ", ""),
        "phone": f"0{dice.randint(1, 7)}{dice.randint(10**7, 10**8 - 1)}",
        "street": f"{dice.choice(_STREETS)} {dice.choice(('Street', 'Road', 'Avenue', 'Lane'))}",
        "house_number": str(1 + int(250 * dice.random() ** 2)),
        "city": city,
        "postal_code": f"{_PLACES.index(city) * 13 + 10:03}{dice.randint(0, 20):02}",
        "government_id": str(dice.randint(10**8, 10**9 - 1)),
    }  # fmt: skip


def spell_person(dice: Dice, person: Record, damage: float) -> Record:
    """The person as one register has them: mistyped, moved, called by a nickname, the date in another order."""
    record = dict(person)
    for name in ("first_name", "last_name", "city", "street", "email"):
        if dice.random() < damage:
            record[name] = typo(dice, record[name])
            if dice.random() < 0.3:
                record[name] = typo(dice, record[name])
    if dice.random() < damage / 3:
        record["first_name"] = record["first_name"][0]
    if dice.random() < damage / 8:
        record["first_name"], record["last_name"] = record["last_name"], record["first_name"]
    if dice.random() < damage / 6:
        record |= {key: a_person(dice)[key] for key in ("street", "house_number", "city", "postal_code")}
    if dice.random() < damage / 3:
        record["phone"] = a_person(dice)["phone"]
    year, month, day = record["birth_date"].split("-")
    if dice.random() < damage:
        year, month, day = dice.choice(
            (
                (year, day, month),
                (year, month, "01"),
                (typo(dice, year)[:4].rjust(4, "1"), month, day),
                (year, "01", "01"),
            )
        )
    record["birth_date"] = f"{year}-{month}-{day}"
    for name in ("government_id", "house_number", "postal_code", "phone"):
        if dice.random() < damage / 2:
            record[name] = typo(dice, record[name])
    record["full_name"] = f"{record['first_name']} {person['middle_name']} {record['last_name']}".replace("  ", " ")
    return record


def spell_locally(dice: Dice, person: Record, damage: float) -> Record:
    """One column for the street, dates and phones in whatever format, the name in one piece in either order."""
    record = spell_person(dice, person, damage)
    year, month, day = record["birth_date"].split("-")
    record["birth_date"] = dice.choice(
        (record["birth_date"], f"{day}/{month}/{year}", f"{day}.{month}.{year}", f"{year}{month}{day}")
    )
    phone = record["phone"]
    record["phone"] = dice.choice(
        (
            phone,
            f"+33 {phone[1:]}",
            " ".join(phone[i : i + 2] for i in range(0, len(phone), 2)),
            f"({phone[:2]}) {phone[2:6]}-{phone[6:]}",
        )
    )
    record["street"] = dice.choice(
        (f"{record['street']} {record['house_number']}", f"{record['house_number']} {record['street']}")
    )
    if dice.random() < 0.3:
        record["full_name"] = f"{record['last_name']}, {record['first_name']}"
    return record


def an_organization(dice: Dice) -> Record:
    """A firm; one in five is a branch of a chain."""
    person = a_person(dice)
    proper = dice.choice((*_SAINTS, *(f"{s.title()}{e}" for s in _SYLLABLES for e in _ENDINGS)))
    number = dice.choice(("", "", "", f" {dice.randint(1, 9)}"))
    return person | {
        "organization_name": f"{proper} {dice.choice((*_SAINTS, *_PLACES))} {dice.choice(_TRADES)}{number}",
        "legal": dice.choice(("", "Inc.", "Ltd", "LLC", "GmbH")),
    }


def spell_organization(dice: Dice, firm: Record, damage: float) -> Record:
    """The firm as one register has it."""
    record = spell_person(dice, firm, damage)
    words = firm["organization_name"].split()
    if dice.random() < damage:
        words = dice.choice(
            (
                words[:-1],
                [typo(dice, word) for word in words],
                [*words, firm["city"]],
                [*words, firm["legal"]],
                words[1:],
                ["The", *words],
            )
        )
    record["organization_name"] = " ".join(word for word in words if word)
    record["street"] = f"{record['house_number']} {record['street']}"
    return record


def an_institute(dice: Dice) -> Record:
    """A university or a laboratory that authors name as their affiliation."""
    city = dice.choice(_PLACES)
    proper = dice.choice((city, f"{surname(dice)}", f"{surname(dice)} {surname(dice)}"))
    return {
        "proper": proper,
        "sort": dice.choice(("University", "Institute of Technology", "Research Labs", "Corporation")),
        "city": city,
        "postal_code": str(dice.randint(10000, 99999)),
        "country": dice.choice(("USA", "Germany", "France", "Canada", "India")),
    }


def spell_institute(dice: Dice, place: Record, damage: float) -> Record:
    """One line of text: with or without department, town, country, in several spellings."""
    sort = {
        "University": ("University", "Univ.", "Univ"),
        "Institute of Technology": ("Institute of Technology", "Inst. of Tech.", "Tech"),
    }.get(place["sort"], (place["sort"],))
    name = (
        f"{place['proper']} {dice.choice(sort)}" if dice.random() < 0.7 else f"{dice.choice(sort)} of {place['proper']}"
    )
    parts = [name]
    if dice.random() < 0.4:
        parts.insert(0, dice.choice(_UNITS))
    if dice.random() < 0.6:
        parts.append(place["city"])
    if dice.random() < 0.3:
        parts.append(place["postal_code"])
    if dice.random() < 0.5:
        parts.append(place["country"])
    text = ", ".join(parts)
    return {"organization_name": typo(dice, text) if dice.random() < damage else text}


def _few(dice: Dice) -> int:
    return min(1 + int(dice.expovariate(1.2)), 5)


def _many(dice: Dice) -> int:
    return min(1 + int(dice.expovariate(1 / 12)), 100)


def _skewed(dice: Dice) -> int:
    return min(int(dice.paretovariate(0.9)), 100)


def _seldom(dice: Dice) -> int:
    return 2 if dice.random() < 0.01 else 1


_NAMES = ("first_name", "last_name")
_ADDRESS = ("street", "house_number", "city", "postal_code")

SHAPES = {
    shape.name: shape
    for shape in (
        Shape(
            "registers",
            "person",
            (*_NAMES, "birth_date", "city", "postal_code"),
            8000,
            _many,
            0.2,
            0.06,
            spell_person,
            a_person,
        ),
        Shape("names_and_birth", "person", (*_NAMES, "birth_date"), 6000, _few, 0.15, 0.03, spell_person, a_person),
        Shape(
            "full_names",
            "person",
            ("full_name", "street", "city", "phone", "birth_date"),
            5000,
            _few,
            0.12,
            0.1,
            spell_locally,
            a_person,
        ),
        Shape("contacts", "person", ("full_name", "email", "phone"), 5000, _few, 0.15, 0.25, spell_locally, a_person),
        Shape("heavy", "person", (*_NAMES, "birth_date", *_ADDRESS), 5000, _few, 0.45, 0.15, spell_person, a_person),
        Shape(
            "clean",
            "person",
            (*_NAMES, "birth_date", *_ADDRESS, "email"),
            5000,
            _seldom,
            0.05,
            0.05,
            spell_person,
            a_person,
        ),
        Shape("names_and_city", "person", (*_NAMES, "city"), 4000, _few, 0.1, 0.02, spell_person, a_person),
        Shape(
            "firms",
            "organization",
            ("organization_name", "street", "city", "phone"),
            5000,
            _few,
            0.35,
            0.1,
            spell_organization,
            an_organization,
        ),
        Shape(
            "firms_and_cities",
            "organization",
            ("organization_name", "city"),
            4000,
            _few,
            0.3,
            0.05,
            spell_organization,
            an_organization,
        ),
        Shape(
            "firms_many",
            "organization",
            ("organization_name", "street", "postal_code"),
            6000,
            _skewed,
            0.4,
            0.05,
            spell_organization,
            an_organization,
        ),
        Shape(
            "institutes", "organization", ("organization_name",), 2500, _many, 0.15, 0.0, spell_institute, an_institute
        ),
        Shape(
            "large",
            "person",
            (*_NAMES, "birth_date", "city", "postal_code"),
            50000,
            _many,
            0.25,
            0.08,
            spell_person,
            a_person,
        ),
    )
}


def records_of(shape: Shape, seed: int = 1) -> list[Record]:
    """The records of a sample, shuffled, `truth` first."""
    dice = random.Random(f"{shape.name} {seed}")
    found: list[Record] = []
    entity = 0
    made: Record = {}
    while len(found) < shape.records:
        made, relative = shape.make(dice), made
        if dice.random() < RELATED_SHARE:
            made |= {key: relative[key] for key in RELATED[shape.kind] if key in relative}
        entity += 1
        for _ in range(shape.size(dice)):
            record = shape.spell(dice, made, shape.damage)
            kept = {name: "" if dice.random() < shape.blank else record[name] for name in shape.columns}
            found.append({"truth": str(entity)} | kept)
    dice.shuffle(found)
    return found[: shape.records]


def write_shape(shape: Shape, folder: Path, seed: int = 1) -> Path:
    """A folder that `c360 evaluate` takes."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "records.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["truth", *shape.columns])
        writer.writeheader()
        writer.writerows(records_of(shape, seed))
    described = {"name": shape.name, "kind": shape.kind, "truth": "truth", "columns": {c: c for c in shape.columns}}
    (folder / "dataset.yml").write_text(yaml.safe_dump(described, sort_keys=False), encoding="utf-8")
    return folder


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.argument("shapes", nargs=-1, type=click.Choice(sorted(SHAPES)))
def main(folder: Path, shapes: tuple[str, ...]) -> None:
    """Write the shapes that were named, or all."""
    for name in shapes or SHAPES:
        click.echo(write_shape(SHAPES[name], folder / name))


if __name__ == "__main__":
    main()
