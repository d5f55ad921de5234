"""Moments, codes, tags, UUIDs, damaged text: read when certain, NULL or a reason when not, never an error."""

from __future__ import annotations

import calendar
import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from text_functions import Connection, build_functions, call

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.fixture(scope="module")
def connection(each_database: str) -> Iterator[Connection]:
    build_functions(each_database)
    with psycopg.connect(each_database, autocommit=True) as connection:
        connection.execute("set search_path = c360_functions; set timezone = 'Asia/Kolkata'")
        yield connection


def one(connection: Connection, expression: str, value: str | None) -> Any:
    return call(connection, expression, [value])[0]


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


MOMENTS = {
    "2024-01-15": "2024-01-15T00:00:00+00:00",
    "2024-01-15T10:20:30Z": "2024-01-15T10:20:30+00:00",
    "2024-01-15T10:20:30": "2024-01-15T10:20:30+00:00",
    "2024-01-15 10:20:30": "2024-01-15T10:20:30+00:00",
    "2024-01-15 10:20": "2024-01-15T10:20:00+00:00",
    "2024-01-15T10:20:30.5Z": "2024-01-15T10:20:30.500000+00:00",
    "2024-01-15T10:20:30,123456Z": "2024-01-15T10:20:30.123456+00:00",
    "2024-01-15T10:20:30.123456789Z": "2024-01-15T10:20:30.123457+00:00",
    "2024-01-15 10:20:30.123+05:30": "2024-01-15T04:50:30.123000+00:00",
    "2024-01-15 10:20:30+00": "2024-01-15T10:20:30+00:00",
    "2024-01-15T10:20:30-0500": "2024-01-15T15:20:30+00:00",
    "2024-01-31T10:20:30-05": "2024-01-31T15:20:30+00:00",
    "2024-01-15 10:20:30 UTC": "2024-01-15T10:20:30+00:00",
    "2024-01-15T10:20Z": "2024-01-15T10:20:00+00:00",
    "  2024-01-31 \n": "2024-01-31T00:00:00+00:00",
    "2024-02-29": "2024-02-29T00:00:00+00:00",
    "2000-02-29": "2000-02-29T00:00:00+00:00",
    "0001-01-01": "0001-01-01T00:00:00+00:00",
    "2024-01-31T10:20:30." + "1" * 30: "2024-01-31T10:20:30.111111+00:00",
    "31/12/0001": "0001-12-31T00:00:00+00:00",
    "15/01/2024": "2024-01-15T00:00:00+00:00",
    "05/06/2024": "2024-06-05T00:00:00+00:00",
    "5/6/2024": "2024-06-05T00:00:00+00:00",
    "15-01-2024": "2024-01-15T00:00:00+00:00",
    "15.01.2024": "2024-01-15T00:00:00+00:00",
    "15/01/2024 10:20": "2024-01-15T10:20:00+00:00",
    "15/01/2024 10:20:30": "2024-01-15T10:20:30+00:00",
    "15/01/2024 9:20:30": "2024-01-15T09:20:30+00:00",
    "1700000000": "2023-11-14T22:13:20+00:00",
    "1700000000123": "2023-11-14T22:13:20.123000+00:00",
}
NO_MOMENTS = (
    *(
        "",
        " ",
        "soon",
        "n/a",
        "31/02/2024",
        "2024-02-30",
        "2023-02-29",
        "1900-02-29",
        "2024-13-01",
        "2024-00-10",
        "2024-01-00",
    ),
    *("2024-01-32", "2024-04-31", "0000-01-01", "0000-00-00 00:00:00", "2024-01-15T24:30:00Z", "2024-01-15T10:60:00Z"),
    *("2024-01-15T10:20:30+25:00", "2024-01-15T10:20:61", "15/01-2024", "15/01/24", "12", "123456789", "17000000001"),
    *(
        "0000000000",
        "2024-01-15T10:20:30ZZ",
        "2024-01-15X",
        "2024-01-15 soon",
        "infinity",
        "now",
        "today",
        "2024-1-1T",
        "-1700000000",
    ),
    *("2024-01-1:", "2024-01-15T1:2:30Z", "9" * 40, "2024-01-15 " + "0" * 300),
)


@pytest.mark.parametrize("raw", MOMENTS)
def test_moment(connection: Connection, raw: str) -> None:
    assert one(connection, "parse_timestamp(x)", raw) == datetime.fromisoformat(MOMENTS[raw])


@pytest.mark.parametrize("raw", NO_MOMENTS)
def test_no_moment(connection: Connection, raw: str) -> None:
    assert one(connection, "parse_timestamp(x)", raw) is None


def test_every_day_and_no_other(connection: Connection) -> None:
    years = (1900, 1999, 2000, 2023, 2024)
    days = [(year, month, day) for year in years for month in range(14) for day in range(33)]
    for form in (
        "{0:04}-{1:02}-{2:02}",
        "{2:02}/{1:02}/{0:04}",
        "{0:04}-{1:02}-{2:02}T00:00:00.000Z",
        "{2}.{1}.{0:04} 0:00",
    ):
        found = call(connection, "parse_timestamp(x)", [form.format(*day) for day in days])
        for (year, month, day), moment in zip(days, found, strict=True):
            exists = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
            assert moment == (datetime(year, month, day, tzinfo=UTC) if exists else None)


def test_every_second_of_a_day_in_the_form_postgres_writes(connection: Connection) -> None:
    moments = [
        datetime(2024, 2, 28, tzinfo=UTC) + timedelta(seconds=37 * step, microseconds=step) for step in range(5000)
    ]
    for separator in " T":
        assert call(connection, "parse_timestamp(x)", [moment.isoformat(separator) for moment in moments]) == moments


def test_countries_by_every_name(connection: Connection) -> None:
    for row in seed("countries"):
        names = [row["country_code"], row["alpha3"], row["name_en"], row["name_es"], row["name_fr"]]
        names += row["other_names"].split(";") if row["other_names"] else []
        names += [name.upper() for name in names if not "ა" <= name[0] <= "ჿ"] + [
            f" {name.lower()} " for name in names if len(name) > 2
        ]
        found = call(connection, "country_code(x)", names)
        wrong = {name: code for name, code in zip(names, found, strict=True) if code != row["country_code"]}
        assert wrong == {}, row["country_code"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        *(
            ("Cote d’Ivoire", "CI"),
            ("U.S.A.", "US"),
            ("EE. UU.", "US"),
            ("Trinidad & Tobago", "TT"),
            ("Rép. dém. du Congo", None),
        ),
        *(("N/A", None), ("n.a.", None), ("", None), (None, None), ("Narnia", None), ("XX", None), ("NA", "NA")),
    ],
)
def test_country(connection: Connection, raw: str | None, code: str | None) -> None:
    assert one(connection, "country_code(x)", raw) == code


def test_languages_by_every_name(connection: Connection) -> None:
    taken: dict[str, str] = {}
    for row in seed("languages"):
        names = [row["language_code"], *row["alpha3"].split(";"), row["name_en"], row["name_es"], row["name_fr"]]
        names += row["other_names"].split(";")
        names = [
            name
            for name in names
            if name and taken.setdefault(name.lower(), row["language_code"]) == row["language_code"]
        ]
        found = call(connection, "language_code(x)", names)
        wrong = {name: code for name, code in zip(names, found, strict=True) if code != row["language_code"]}
        assert wrong == {}, row["language_code"]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        *(
            ("fr", "fr"),
            ("FR", "fr"),
            ("fr-FR", "fr"),
            ("fr_FR", "fr"),
            ("fr_FR.UTF-8", "fr"),
            ("en-US,en;q=0.9", "en"),
        ),
        *(
            ("French", "fr"),
            ("français", "fr"),
            ("FRANÇAIS", "fr"),
            ("Español", "es"),
            ("espagnol", "es"),
            ("castellano", "es"),
        ),
        *(("hindi", "hi"), ("हिन्दी", "hi"), ("Kinyarwanda", "rw"), ("spa", "es"), ("fre", "fr"), ("iw", "he")),
        *(("klingon", None), ("", None), (None, None), ("x", None), ("zz-ZZ", None)),
    ],
)
def test_language(connection: Connection, raw: str | None, code: str | None) -> None:
    assert one(connection, "language_code(x)", raw) == code


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        *(("  a \t b\n", "a b"), ("", None), (" ", None), (None, None), ("abc", "abc"), ("a\u00a0\u2003b", "a b")),
        *(("e\u0301", "é"), ("\u200ba\ufeff", "a"), ("\u202eabc", "abc"), ("\u200b", None), ("a\u00adb", "ab")),
        *(("श्\u200dरी", "श्\u200dरी"), ("a\u200db", "ab"), ("می\u200cخواهم", "می\u200cخواهم"), ("हिन्दी", "हिन्दी")),
    ],
)
def test_clean_text(connection: Connection, raw: str | None, cleaned: str | None) -> None:
    assert one(connection, "clean_text(x)", raw) == cleaned


@pytest.mark.parametrize(
    ("raw", "length", "problem"),
    [
        *(
            ("fine", 10, None),
            (None, 10, None),
            ("", 10, None),
            ("a\tb\r\nc", 10, None),
            ("é" * 10, 10, None),
            ("long", None, None),
        ),
        *(("a\x08b", 10, "control character U+0008"), ("a\x7f", 10, "control character U+007F")),
        *(("a\x85", 10, "control character U+0085"), ("a\x1f", None, "control character U+001F")),
        *(("a\\u0000b", 10, "stands for a NUL byte"), ("a\\x00", 10, "stands for a NUL byte"), ("a\\u0001", 10, None)),
        *(
            ("caf\ufffd", 10, "replacement character U+FFFD (decoded wrongly)"),
            ("é" * 11, 10, "longer than 10 characters (11)"),
        ),
    ],
)
def test_text_problem(connection: Connection, raw: str | None, length: int | None, problem: str | None) -> None:
    row = connection.execute("select text_problem(%s::text, %s::integer)", [raw, length]).fetchone()
    assert row == (problem,)


@pytest.mark.parametrize("code", [*range(1, 0xA0), 0xFFFD])
def test_text_problem_by_character(connection: Connection, code: int) -> None:
    bad = code == 0xFFFD or (code < 0x20 and chr(code) not in "\t\n\r") or 0x7F <= code < 0xA0
    assert (one(connection, "text_problem(x, 100)", f"ab{chr(code)}cd") is not None) == bad


ID = UUID("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        *(
            (str(ID), ID),
            (str(ID).upper(), ID),
            (ID.hex, ID),
            (f"{{{ID}}}", ID),
            (f" {ID}\n", ID),
            (f"{{{ID.hex}}}", ID),
        ),
        *(
            ("00000000-0000-0000-0000-000000000000", None),
            ("F" * 32, None),
            ("f" * 8 + "-ffff-ffff-ffff-" + "f" * 12, None),
        ),
        *(
            (str(ID)[:-1], None),
            (str(ID) + "0", None),
            (str(ID).replace("a", "g"), None),
            (f"{{{ID}", None),
            ("", None),
            (None, None),
        ),
        *(
            ("-" * 36, None),
            ("a-eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", None),
            ("00000000-0000-0000-0000-000000000001", UUID(int=1)),
        ),
    ],
)
def test_uuid(connection: Connection, raw: str | None, expected: UUID | None) -> None:
    assert one(connection, "parse_uuid(x)", raw) == expected


TAGS = {
    "": [],
    " ": [],
    "[]": [],
    "{}": [],
    "null": [],
    "vip": ["vip"],
    "vip, gold;vip ,, b": ["b", "gold", "vip"],
    '["vip","gold","vip",""]': ["gold", "vip"],
    '[ "vip" , " gold  x " ]': ["gold x", "vip"],
    '[1, 2.5, true, null, "x"]': ["1", "2.5", "true", "x"],
    '["caf\\u00e9", "\\ud83d\\ude00"]': ["café", "😀"],
    "{vip,gold}": ["gold", "vip"],
    '{"a": 1}': [],
    '[["a"]]': [],
    '["a"': [],
    '["\\u0000"]': [],
    '["\\ud83d"]': [],
    "[1e999999]": [],
    "[" + "9" * 500 + "]": [],
    "हिन्दी, été": ["été", "हिन्दी"],
    "ä, z, B, a": ["B", "a", "z", "ä"],
}


@pytest.mark.parametrize("raw", TAGS)
def test_tags(connection: Connection, raw: str) -> None:
    assert one(connection, "parse_tags(x)", raw) == TAGS[raw]


def test_tags_of_nothing(connection: Connection) -> None:
    assert one(connection, "parse_tags(x)", None) == []


def test_tags_read_whatever_json_writes(connection: Connection) -> None:
    lists = [[f"{chr(code)}x", 'q"\\', "/", str(code)] for code in [*range(0x20, 0x7F), 0xE9, 0x915, 0x1F600, 0x10FFFD]]
    for ascii_only in (True, False):
        written = [json.dumps(tags, ensure_ascii=ascii_only) for tags in lists]
        expected = [sorted({" ".join(tag.split()) for tag in tags}) for tags in lists]
        assert call(connection, "parse_tags(x)", written) == expected


PLACEHOLDERS = {
    "phone": [
        *("+919999999999", "+910000000000", "0000000000", "+571111111111", "+911234567890", "+919876543210", "1234567"),
        *(
            "+5511999999999",
            "+33600000000",
            "+250700000000",
            "+254700000000",
            "+12222222222",
            "987654321",
            "+910123456789",
        ),
    ],
    "external_id": [
        "0",
        "000",
        "n/a",
        "N/A",
        "-",
        "",
        " ",
        "null",
        "None",
        "undefined",
        "00000000-0000-0000-0000-000000000000",
    ],
}
REAL = {
    "phone": [
        "+919876543211",
        "+573001234567",
        "+33612345678",
        "+12025550123",
        "+250788123456",
        "+919898989898",
        "+18002222222",
    ],
    "external_id": ["1", "10", "A0", "cust-001", "100200", "हिन्दी", "00000000-0000-0000-0000-000000000001"],
}


@pytest.mark.parametrize("kind", PLACEHOLDERS)
def test_placeholders_have_a_reason(connection: Connection, kind: str) -> None:
    reasons = call(connection, f"placeholder_reason('{kind}', x)", PLACEHOLDERS[kind])
    assert [value for value, reason in zip(PLACEHOLDERS[kind], reasons, strict=True) if not reason] == []


@pytest.mark.parametrize("kind", REAL)
def test_real_identifiers_are_no_placeholders(connection: Connection, kind: str) -> None:
    assert call(connection, f"placeholder_reason('{kind}', x)", REAL[kind]) == [None] * len(REAL[kind])
    assert one(connection, f"placeholder_reason('{kind}', x)", None) is None


def test_every_calling_code_is_taken_off(connection: Connection) -> None:
    """One digit repeated is seen behind any calling code, whatever its length."""
    phonenumbers = pytest.importorskip("phonenumbers")
    codes = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    values = [f"+{code}5555555" for code in codes]
    reasons = call(connection, "placeholder_reason('phone', x)", values)
    assert {code for code, reason in zip(codes, reasons, strict=True) if reason != "one digit repeated"} == set()
