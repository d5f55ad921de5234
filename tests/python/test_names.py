"""Names of people and organisations: what meets, what does not, what a name is not."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from text_functions import Connection, build_functions, call

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.fixture(scope="module")
def connection(each_database: str) -> Iterator[Connection]:
    build_functions(each_database)
    with psycopg.connect(each_database, autocommit=True) as connection:
        connection.execute("set search_path = c360_functions")
        yield connection


def one(connection: Connection, expression: str, value: str | None) -> Any:
    return call(connection, expression, [value])[0]


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


CLEANED = {
    "Maria Garcia": "Maria Garcia",
    "  María   GARCÍA ": "María GARCÍA",
    "MARIA GARCIA": "Maria Garcia",
    "maria garcia": "Maria Garcia",
    "MARÍA JOSÉ GARCÍA-LÓPEZ": "María José García-López",
    "élodie d'été": "Élodie D'Été",
    "O'BRIEN": "O'Brien",
    "JOHN'S BAKERY": "John's Bakery",
    "McDonald": "McDonald",
    "IRINA ПЕТРОВА": "Irina Петрова",
    "ПЕТРОВА": "Петрова",
    "राम कुमार": "राम कुमार",
    "王小明": "王小明",
    "Maria Garcia (VIP)": "Maria Garcia",
    "MARIA GARCIA [old] (VIP)": "Maria Garcia",
    "Acme (India) Ltd": "Acme (India) Ltd",
    "(Juan)": "(Juan)",
    "İbrahim": "İbrahim",
}
FILLERS = (
    *("", " ", "-", "--", ".", "n/a", "N/A", "N.A.", "na", "none", "None", "NULL", "unknown", "(unknown)", "inconnu"),
    *("Desconocido", "sin nombre", "Sin Nombre.", "xxx", "XXXX", "test", "Test User", "*****", "???", "\u200b", "aaa"),
)


@pytest.mark.parametrize("raw", CLEANED)
def test_clean_name(connection: Connection, raw: str) -> None:
    assert one(connection, "clean_name(x)", raw) == CLEANED[raw]


UNTITLED = {
    "Dr. María García": "María García",
    "MR. RAVI KUMAR": "Ravi Kumar",
    "Prof.Dr.John Smith": "John Smith",
    "Shri Late Ravi Kumar": "Ravi Kumar",
    "श्री राम कुमार": "राम कुमार",
    "Don Juan Perez": "Juan Perez",
    "Don Johnson": "Don Johnson",
    "Don Johnson (VIP)": "Don Johnson",
    "Mr & Mrs Smith": "Mr & Mrs Smith",
    "M. Dupont": "M. Dupont",
    "Ms. A. Rao": "A. Rao",
    "Dr.": "Dr.",
    "Maria Garcia": "Maria Garcia",
    "n/a": None,
}


@pytest.mark.parametrize("raw", UNTITLED)
def test_person_name(connection: Connection, raw: str) -> None:
    assert one(connection, "person_name(x)", raw) == UNTITLED[raw]


@pytest.mark.parametrize(
    "function", ["clean_name", "person_name", "person_key", "org_key", "name_group", "phonetic_key"]
)
def test_filler_is_no_name(connection: Connection, function: str) -> None:
    fillers = [
        filler
        for filler in FILLERS
        if function in ("clean_name", "person_name") or filler.lower() not in ("xxx", "xxxx", "aaa")
    ]
    assert dict(zip(fillers, call(connection, f"{function}(x)", fillers), strict=True)) == dict.fromkeys(fillers)
    assert one(connection, f"{function}(x)", None) is None


FOLDED = {
    "Müller": "muller",
    "ÅØÆß": "aoaess",
    "ẞ": "ss",
    "Łukasz Đurić": "lukasz duric",
    "İstanbul ıI": "istanbul ii",
    "Ñandú": "nandu",
    "Mª José": "ma jose",
    "ΑΘΉΝΑ": "αθηνα",
    "Ὀδυσσεύς": "οδυσσευσ",
    "ЁЛКА Йогурт": "елка иогурт",
    "ＡＢＣ": "abc",
    "ﬁn": "fin",
    "O’Brien": "o'brien",
    "हिन्दी": "हिन्दी",
    "क़": "क़",
    "がぎ": "がぎ",
    "한국": "한국",
    "عربي": "عربي",
    "أَحْمَدُ": "احمد",
}


@pytest.mark.parametrize("raw", FOLDED)
def test_fold_accents(connection: Connection, raw: str) -> None:
    assert one(connection, "fold_accents(x)", raw) == FOLDED[raw]


SAME_PERSON = [
    [
        "Dr. María-José GARCÍA LÓPEZ",
        "Garcia Lopez, Maria Jose",
        "maria jose garcia lopez",
        "LOPEZ GARCIA Maria Jose (VIP)",
    ],
    ["O'Brien, Patrick", "Mr. Patrick O’Brien", "patrick obrien", "Patrick O´Brien"],
    ["Don Juan Perez", "Sr. Juan Pérez", "PEREZ, Juan"],
    ["John Smith, Jr.", "Smith, John", "Mr John Smith Esq."],
    ["श्री राम कुमार", "राम कुमार"],
    ["Mme Élodie Dupont", "DUPONT Elodie", "Mlle. Dupont, Élodie"],
    ["Shri Anil Kumar Sharma", "SHARMA ANIL KUMAR", "Anil Kumar Sharma ji", "Anil Kumar Sharma S/o Mohan"],
    ["Late Anil Sharma", "Sharma, Anil S/O Mohan Sharma", "Anil Sharma, M.B.B.S.", "Anil Sharma, Ph.D."],
    ["مُحَمَّد عَلِي", "محمد علي"],
]
OTHER_PEOPLE = [
    ("Maria Garcia", "Mario Garcia"),
    ("Don Johnson", "Johnson"),
    ("Garcia Garcia", "Garcia"),
    ("राम", "रमा"),
]


@pytest.mark.parametrize("names", SAME_PERSON)
def test_person_keys_meet(connection: Connection, names: list[str]) -> None:
    keys = call(connection, "person_key(x)", names)
    assert keys[0] is not None
    assert set(keys) == {keys[0]}, dict(zip(names, keys, strict=True))


@pytest.mark.parametrize("pair", OTHER_PEOPLE)
def test_person_keys_differ(connection: Connection, pair: tuple[str, str]) -> None:
    a, b = call(connection, "person_key(x)", pair)
    assert a != b


@pytest.mark.parametrize("raw", ["Dr.", "Mr. Dr.", "Señora", ""])
def test_no_person_is_left(connection: Connection, raw: str) -> None:
    assert one(connection, "person_key(x)", raw) is None


SAME_ORGANISATION = [
    [
        "ABC Hospital Pvt. Ltd.",
        "A.B.C. Hosp",
        "abc hospitals",
        "A B C Hospital (P) Ltd",
        "M/s ABC Hospital Private Limited",
    ],
    ["Comercial López S.A.S.", "COMERCIAL LOPEZ SAS", "Comercial Lopez"],
    ["Müller GmbH & Co. KG", "Muller GmbH", "MÜLLER"],
    ["SARL Dupont et Fils", "Dupont & Fils", "Dupont Fils SARL"],
    ["Grupo Bimbo, S.A. de C.V.", "GRUPO BIMBO SA DE CV"],
    ["The Acme Company, Inc.", "Acme Co. Inc", "acme"],
    ["L&T Engg. Ltd", "L & T Engineering"],
    ["Textiles Andinos Cía. Ltda.", "textiles andinos"],
    ["Sunrise Labs (VIP)", "Sunrise Laboratories LLP"],
    ["St. Mary's Hospital", "Saint Marys Hosp", "Messrs St Mary's Hospital"],
    ["Padaria Silva ME", "Padaria Silva Ltda - ME", "PADARIA SILVA EIRELI"],
    ["Aguas del Sur S.A. E.S.P.", "Aguas del Sur SAS ESP"],
    ["अपोलो अस्पताल प्रा. लि.", "अपोलो अस्पताल"],
]


@pytest.mark.parametrize("names", SAME_ORGANISATION)
def test_org_keys_meet(connection: Connection, names: list[str]) -> None:
    keys = call(connection, "org_key(x)", names)
    assert keys[0] is not None
    assert set(keys) == {keys[0]}, dict(zip(names, keys, strict=True))


@pytest.mark.parametrize(
    "pair", [("ABC Hospital", "ABC Hotel"), ("Apollo Clinic", "Apollo Pharmacy"), ("A Ltd", "B Ltd")]
)
def test_org_keys_differ(connection: Connection, pair: tuple[str, str]) -> None:
    a, b = call(connection, "org_key(x)", pair)
    assert a != b


@pytest.mark.parametrize("raw", ["Pvt. Ltd.", "The", "S.A.S.", "& Co. KG"])
def test_no_organisation_is_left(connection: Connection, raw: str) -> None:
    assert one(connection, "org_key(x)", raw) is None


def test_every_legal_form_is_left_out(connection: Connection) -> None:
    at_end = sorted({row["legal_form"] for row in seed("legal_forms") if row["position"] == "end"})
    keys = call(connection, "org_key(x)", [f"Zwiebel {form}" for form in at_end])
    assert {form for form, key in zip(at_end, keys, strict=True) if key != "zwiebel"} == set()


def test_an_abbreviation_never_becomes_one_again() -> None:
    rows = seed("org_abbreviations")
    last_words = {row["legal_form"].split()[-1] for row in seed("legal_forms")}
    abbreviations = {row["abbreviation"] for row in rows}
    # What is a legal form in full is one abbreviated too, or the key would change when it is made again.
    assert {row["full_word"] for row in rows} & abbreviations == set()
    assert {row["abbreviation"] for row in rows if row["full_word"] in last_words} <= last_words


AGREE = [
    ("Maria Garcia", "garcia, maria", True),
    ("Maria Garcia", "Maria José García López", True),
    ("Garcia", "Maria Garcia", True),
    ("M. Garcia", "Maria Garcia", True),
    ("Maria J. Garcia", "M José García", True),
    ("Ana M. Ruiz", "Ana Maria Ruiz Perez", True),
    ("M Ana", "Ana Maria", True),
    ("Dr. Maria Garcia", "Mrs Maria Garcia", True),
    ("Juan Garcia", "Maria Garcia", False),
    ("J. Garcia", "Maria Garcia", False),
    ("Maria Garcia Lopez", "Maria Garcia Ruiz", False),
    ("Garcia Garcia Juan", "Juan Garcia", True),
    ("A A", "Ana Garcia", False),
    ("राम कुमार", "कुमार", True),
    ("Bob Smith", "Robert Smith", True),
    ("Bob Smith", "Rob J. Smith", True),
    ("Pepe García", "GARCIA LOPEZ, José", True),
    ("Ma. José López", "María José López", True),
    ("Ale Ruiz", "Alejandra Ruiz", True),
    ("Alejandro Ruiz", "Alejandra Ruiz", False),
    ("Bob Smith", "William Smith", False),
    ("Bob Roberts", "Robert Robertson", False),
    ("", "Maria", None),
    ("n/a", "Maria", None),
    (None, "Maria", None),
]


@pytest.mark.parametrize(("a", "b", "expected"), AGREE)
def test_name_tokens_agree(connection: Connection, a: str | None, b: str | None, expected: bool | None) -> None:
    query = "select name_tokens_agree(%(a)s::text, %(b)s::text), name_tokens_agree(%(b)s::text, %(a)s::text)"
    assert connection.execute(query, {"a": a, "b": b}).fetchone() == (expected, expected)


SOUND_ALIKE = [
    ("Katherine Smith", "Smyth, Catherine"),
    ("Gonzales", "GONZÁLEZ"),
    ("Srinivasan Rao", "Sreenivasan M. Rao"),
    ("राम कुमार", "कुमार राम"),
]


@pytest.mark.parametrize(("a", "b"), SOUND_ALIKE)
def test_phonetic_keys_meet(connection: Connection, a: str, b: str) -> None:
    first, second = call(connection, "phonetic_key(x)", [a, b])
    assert first is not None
    assert first == second


def test_phonetic_keys_differ(connection: Connection) -> None:
    assert len(set(call(connection, "phonetic_key(x)", ["Maria Garcia", "Mario Lopez", "Juan Garcia", "राम"]))) == 4


GROUP = {
    "Maria Garcia": "maria",
    "GARCIA, Maria": "maria",
    "Dr. María García": "maria",
    "Mr. O'Brien": "obrien",
    "Smith, Jr.": "smith",
    "Acme, Inc.": "acme",
    "M/s Gupta Traders": "gupta",
    "SARL Dupont": "dupont",
    "The Acme Company": "acme",
    "A.B.C. Hosp": "abc",
    "ABC Hospital": "abc",
    "Mei Lin": "mei",
    "राम कुमार": "राम",
    "Pvt": "pvt",
}


@pytest.mark.parametrize("raw", GROUP)
def test_name_group(connection: Connection, raw: str) -> None:
    assert one(connection, "name_group(x)", raw) == GROUP[raw]


ORGANIZATION = {
    "Clínica Santa María": True,
    "ABC Hosp": True,
    "Gupta Traders Pvt. Ltd.": True,
    "Polyclinique du Lac": False,  # no word of the seed
    "Maria Garcia": False,
    "Tyra Banks": False,
    "": False,
}


@pytest.mark.parametrize("raw", ORGANIZATION)
def test_is_organization_name(connection: Connection, raw: str) -> None:
    assert one(connection, "is_organization_name(x)", raw) is ORGANIZATION[raw]
    assert one(connection, "is_organization_name(x)", None) is None


def test_seeds_are_folded(connection: Connection) -> None:
    columns = {
        "honorifics": "honorific",
        "legal_forms": "legal_form",
        "nicknames": "nickname",
        "org_abbreviations": "full_word",
        "organization_words": "word",
    }
    for name, column in columns.items():
        values = [row[column] for row in seed(name)]
        assert call(connection, "name_words(fold_accents(x))", values) == values, name


def test_every_row_of_a_seed_says_where_it_comes_from() -> None:
    names = ("countries", "languages", "honorifics", "legal_forms", "nicknames")
    for name in (*names, "org_abbreviations", "organization_words"):
        assert all(row["source"] and row["licence"] for row in seed(name)), name
