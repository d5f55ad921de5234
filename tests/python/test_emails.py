"""E-mail addresses: one string for one address, no guess, no stricter than the HTML standard."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_functions import Connection, build_functions, call


@pytest.fixture(scope="module")
def connection(each_database: str) -> Iterator[Connection]:
    build_functions(each_database)
    with psycopg.connect(each_database, autocommit=True) as connection:
        connection.execute("set search_path = c360_functions")
        yield connection


NORMALIZED = {
    "maria@example.org": "maria@example.org",
    " Maria.Lopez@EXAMPLE.Org\t": "maria.lopez@example.org",
    "mailto:maria@x.com": "maria@x.com",
    "MAILTO:maria@x.com?subject=Hi%20there": "maria@x.com",
    "María López <Maria@x.com>": "maria@x.com",
    '"López, María" <maria@x.com>': "maria@x.com",
    "<maria@x.com>": "maria@x.com",
    "Maria < maria@x.com >": "maria@x.com",
    "Email: maria@x.com": "maria@x.com",
    "maria@x.com (home)": "maria@x.com",
    "maria@x.com - home": "maria@x.com",
    "maria@x.com;jose@y.com": "maria@x.com",
    "maria@x.com, jose@y.com": "maria@x.com",
    "maria@x.com / jose@y.com": "maria@x.com",
    "maria@x.com/jose@y.com": "maria@x.com",
    "maria@x.com&id=2": "maria@x.com",
    "mailto://maria@x.com": "maria@x.com",
    '"maria.lopez"@x.com': "maria.lopez@x.com",
    '"maria lopez"@x.com': None,
    "“maria@x.com”": "maria@x.com",
    "«maria@x.com»": "maria@x.com",
    "maria@例子。广告": "maria@例子.广告",
    "maria@x.com\njose@y.com": "maria@x.com",
    "n/a, maria@x.com": "maria@x.com",
    "maria@x.com.": "maria@x.com",
    "'maria@x.com'": "maria@x.com",
    "o'brien@x.com": "o'brien@x.com",
    "a+b.c_d=e@sub.x-y.co.in": "a+b.c_d=e@sub.x-y.co.in",
    "maria\uff20x.com": "maria@x.com",
    "\uff4d\uff41ria@x.com": "maria@x.com",
    "\u200bmaria@x.com\ufeff": "maria@x.com",
    "maria\u00a0@x.com": None,
    "JOSÉ@MÜLLER.de": "josé@müller.de",
    "jose\u0301@x.com": "josé@x.com",
    "राम@उदाहरण.भारत": "राम@उदाहरण.भारत",
    "root@localhost": "root@localhost",
    "a..b@x.com": "a..b@x.com",
    ".a@x.com": ".a@x.com",
    "maria lopez@x.com": None,
    "maria@x .com": None,
    "maria@x. com": None,
    "maria@@x.com": None,
    "maria@": None,
    "@x.com": None,
    "maria": None,
    "maria@-x.com": None,
    "maria@x-.com": None,
    "maria@x..com": None,
    "n/a": None,
    "": None,
    "   ": None,
    "a@" + "b" * 63 + ".com": "a@" + "b" * 63 + ".com",
    "a@" + "b" * 64 + ".com": None,
    "A" * 100 + "@x.com": "a" * 100 + "@x.com",
}


@pytest.mark.parametrize("raw", NORMALIZED)
def test_normalized(connection: Connection, raw: str) -> None:
    assert call(connection, "normalize_email(x)", [raw]) == [NORMALIZED[raw]]


def test_nothing_gives_nothing(connection: Connection) -> None:
    assert call(connection, "coalesce(normalize_email(x), email_match_key(x), 'none')", [None]) == ["none"]


# https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
HTML = rf"\A[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{LABEL}(?:\.{LABEL})*\Z"


@settings(max_examples=30, deadline=None)
@given(addresses=st.lists(st.from_regex(HTML, fullmatch=True), min_size=50, max_size=50))
def test_no_stricter_than_html(connection: Connection, addresses: list[str]) -> None:
    assert call(connection, "normalize_email(x)", addresses) == [address.lower() for address in addresses]


SAME_MAILBOX = {
    "juan.perez@gmail.com": "juanperez@gmail.com",
    "j.u.a.n.perez+news@googlemail.com": "juanperez@gmail.com",
    "juan.perez+x@outlook.com": "juan.perez@outlook.com",
    "juan+x@hotmail.es": "juan@hotmail.es",
    "juan+x@icloud.com": "juan@icloud.com",
    "j-u.a_n@protonmail.com": "juan@proton.me",
    "juan.perez+x@company.com": "juan.perez+x@company.com",
    "+x@gmail.com": "+x@gmail.com",
    "root@localhost": "root@localhost",
}


@pytest.mark.parametrize("address", SAME_MAILBOX)
def test_match_key(connection: Connection, address: str) -> None:
    assert call(connection, "email_match_key(x)", [address]) == [SAME_MAILBOX[address]]


PLACEHOLDERS = (
    *("test@gmail.com", "test@test.com", "test123@gmail.com", "noemail@x.com", "no-email@x.com", "na@x.com"),
    *("none@x.com", "null@x.com", "sincorreo@x.com", "pasdemail@x.fr", "juan@example.com", "juan@sub.example.org"),
    *("juan@test.com", "juan@mail.test", "juan@x.invalid", "a@a.com", "x@x.com", "email@email.com", "TEST@x.com"),
)
REAL = (
    *("juan@gmail.com", "testa@gmail.com", "contest@x.com", "nana@x.com", "nathan@x.com", "sam@x.com"),
    *("maria@examples.com", "maria@latest.com", "smith@smith.com", "info@mail.com", "juan@email.com", "a@b.com"),
)


def test_placeholders_have_a_reason(connection: Connection) -> None:
    reasons = call(connection, "placeholder_reason('email', x)", PLACEHOLDERS)
    assert [address for address, reason in zip(PLACEHOLDERS, reasons, strict=True) if not reason] == []


def test_real_addresses_are_no_placeholders(connection: Connection) -> None:
    assert call(connection, "placeholder_reason('email', x)", REAL) == [None] * len(REAL)
