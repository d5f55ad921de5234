"""Phones against libphonenumber: every block's edges, all regions in all styles, hostile strings, both PostgreSQLs."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import phonenumbers
import psycopg
import pytest
import yaml
from builds import build
from conftest import ServerOf, fresh_database
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneNumber, PhoneNumberType
from phonenumbers.re_util import enable_pattern_cache
from text_functions import Connection, call, copy_functions, hostile_strings, shadow_everything

import phone_plan
from customer360.server import Server
from digit_ranges import Automaton, label_intervals
from phone_metadata import KINDS
from phone_samples import samples
from phone_styles import BEYOND, libphonenumber

ROOT = Path(__file__).resolve().parents[2]
SEED, NUMBERS_PER_REGION = 360, 30
STRINGS = 100_000
# What libphonenumber refuses or misreads, and the least share in which the number that was written is found.
FOUND = dict.fromkeys(BEYOND, 97.0) | {"00 and the own country code": 90.0, "plus before a trunk prefix": 0.0}
enable_pattern_cache()


def function_names() -> list[str]:
    described = yaml.safe_load((ROOT / "functions" / "_phones.yml").read_text("utf-8"))
    return [function["name"] for function in described["functions"]]


@cache
def written() -> list[tuple[str, str, str, str | None, str | None]]:
    """(style, raw, region, what was meant, what libphonenumber makes of it)."""
    return [
        (sample.style, sample.raw, sample.region, sample.meant, libphonenumber(sample.raw, sample.region))
        for sample in samples(SEED, NUMBERS_PER_REGION)
    ]


@cache
def hostile() -> list[tuple[str, str | None]]:
    """(raw, region), of which few are phone numbers."""
    chance = random.Random(SEED)
    alphabets = (
        *("0123456789", "0123456789 ()-.+/", "+0123456789;,x#@ext", "\t\n\r\x01\x1f\x7f", "\u200e\u202e\ufeff"),
        *("\u0301\u0300", "٠١٢٣٤٥٦٧٨٩０１２＋（）", "abcxyzABC", "[]{}\\|'\"%_$^*?<>=&", "доб.ДОБ", "e+E."),
    )
    pieces = (
        *("+91", "98765 43210", "tel:", ";phone-context=", "+1", ";isub=", "@s.whatsapp.net", "wa.me/", "ext.", "x12"),
        *("/", " or ", "9.87E+09", ".0", "00", "011", "+44 (0)20 7946 0958", "a@b.com", "\\1", "(?=", "["),
        *("9.876543210E9", ".00", "whatsapp:", "1) ", "2024-01-31 10:30", "521", "091", "#12", "~", " " * 240),
    )

    def one() -> str:
        if chance.random() < 0.1:
            return chance.choice(chance.choice(alphabets)) * chance.randrange(1, 260)
        return "".join(
            chance.choice(pieces) if chance.random() < 0.3 else chance.choice(chance.choice(alphabets))
            for _ in range(chance.randrange(30))
        )

    regions = (None, "IN", "US", "AR", "BR", "MX", "DE", "ZZ", "", "in", "x'y")
    strings = [one() for _ in range(STRINGS // 2)] + hostile_strings(STRINGS // 2, SEED)
    return [(string, chance.choice(regions)) for string in strings]


def fill(connection: Connection) -> None:
    """The tables `written` and `hostile`, each with what our function makes of it."""
    connection.execute("create table written (style text, raw text, region text, meant text, theirs text)")
    connection.execute("create table hostile (raw text, region text)")
    for table, rows in (("written", written()), ("hostile", hostile())):
        with connection.cursor() as cursor, cursor.copy(f"copy {table} from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        connection.execute(f"alter table {table} add ours text")
        connection.execute(f"update {table} set ours = normalize_phone(raw, region)")


@pytest.fixture(scope="module")
def connection(each_database: str) -> Iterator[Connection]:
    build(each_database, select=tuple(function_names()))
    with psycopg.connect(each_database, autocommit=True) as connection:
        connection.execute("set search_path = c360_functions")
        fill(connection)
        yield connection


def normalize(connection: Connection, raw: str | None, region: str | None) -> Any:
    row = connection.execute("select normalize_phone(%s::text, %s::text)", [raw, region]).fetchone()
    assert row is not None
    return row[0]


# The plan


def test_generated_files_are_what_the_installed_metadata_gives() -> None:
    stale = [str(path) for path, text in phone_plan.render().items() if path.read_text("utf-8") != text]
    assert not stale, "run `make phone-plan`"


def test_the_version_is_recorded(connection: Connection) -> None:
    assert call(connection, "phone_plan_version()", [""]) == [phonenumbers.__version__]


def test_says_whose_numbers_changed() -> None:
    before = [(0, 0), (91_600_000_0000, 5), (91_999_999_9999, 0), (9_990_000, 7)]
    assert phone_plan.changed_calling_codes(before, before) == []
    assert phone_plan.changed_calling_codes(before, [*before[:1], (91_500_000_0000, 5), *before[2:]]) == [91]


DIGITS = st.sampled_from(["\\d", "[2-5]", "[0279]", "0", "7"])
PATTERNS = st.recursive(
    DIGITS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        inner.map(lambda part: f"(?:{part})?"),
        st.tuples(inner, st.integers(0, 2), st.integers(0, 2)).map(lambda t: f"(?:{t[0]}){{{t[1]},{t[1] + t[2] + 1}}}"),
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(pattern=PATTERNS, length=st.integers(1, 3))
def test_intervals_hold_what_the_pattern_matches_and_nothing_else(pattern: str, length: int) -> None:
    intervals = label_intervals(
        Automaton([pattern]), lambda matched: "x" if matched else None, range(length, length + 1), "1"
    )
    found = {number for first, last, _ in intervals for number in range(first, last + 1)}
    numbers = (f"{number:0{length}}" for number in range(10**length))
    assert found == {int(f"1{digits}") for digits in numbers if re.fullmatch(pattern, digits)}


def _known(number: str) -> tuple[bool, str | None, str | None]:
    """Whether a number (country code first) is valid, its region and its kind, by libphonenumber."""
    code = next((n for n in (1, 2, 3) if int(number[:n]) in COUNTRY_CODE_TO_REGION_CODE), len(number))
    national = number[code:]
    if national == "":
        return False, None, None
    zeros = len(national) - len(str(int(national)))
    parsed = PhoneNumber(int(number[:code]), int(national), None, zeros > 0, number_of_leading_zeros=zeros)
    if not phonenumbers.is_valid_number(parsed):
        return False, None, None
    kind = PhoneNumberType.to_string(phonenumbers.number_type(parsed)).lower()
    return True, phonenumbers.region_code_for_number(parsed), kind


@cache
def edges() -> dict[str, tuple[bool, str | None, str | None]]:
    """What is known of both edges of every block and one past each."""
    bounds = phone_plan.stored_array(phone_plan.BLOCKS)
    numbers = {edge for bound in bounds if bound for edge in (bound - 2, bound - 1, bound, bound + 1)}
    return {f"+{number}": _known(str(number)) for number in sorted(numbers)}


def test_validity_region_and_kind_agree_on_every_edge(connection: Connection) -> None:
    expected = edges()
    ours = connection.execute(
        "select x, phone_valid(x), phone_region(x), phone_kind(x) from unnest(%s::text[]) as x", [list(expected)]
    ).fetchall()
    assert len(expected) > 100_000
    assert [row for row in ours if row[1:] != expected[row[0]]] == []
    assert {kind for *_, kind in ours} - {None} == set(KINDS)


def test_every_number_at_an_edge_is_its_own_normal_form(connection: Connection) -> None:
    numbers = [number for number, (valid, *_) in edges().items() if valid]
    assert call(connection, "normalize_phone(x, null)", numbers) == numbers


# Agreement


def test_agrees_with_libphonenumber_in_every_style(connection: Connection) -> None:
    shares = connection.execute(
        "select style, 100.0 * count(*) filter (where ours is not distinct from theirs) / count(*), count(*)"
        " from written where style <> all(%s) group by style",
        [list(BEYOND)],
    ).fetchall()
    assert sum(number for *_, number in shares) > 150_000
    assert len(written()) > 200_000
    assert [(style, share) for style, share, _ in shares if share < 99.9] == []


def test_finds_the_number_where_libphonenumber_does_not(connection: Connection) -> None:
    shares = connection.execute(
        "select style, 100.0 * count(*) filter (where ours = meant) / count(*),"
        " 100.0 * count(*) filter (where theirs = meant) / count(*) from written where style = any(%s) group by style",
        [list(BEYOND)],
    ).fetchall()
    assert {style for style, *_ in shares} == set(BEYOND)
    assert [(style, ours, theirs) for style, ours, theirs in shares if ours < FOUND[style] or ours < theirs] == []


def test_every_style_beyond_is_documented() -> None:
    page = (ROOT / "docs" / "normalization.md").read_text("utf-8")
    assert [style for style in BEYOND if style not in page] == []


@pytest.mark.parametrize(
    ("raw", "region", "expected"),
    [
        ("+91 98765-43210", "US", ["+919876543210"]),
        ("919876543210", "US", ["+919876543210"]),
        ("9876543210 / 9123456780", "IN", ["+919876543210", "+919123456780"]),
        ("9876543210 9123456780", "IN", ["+919876543210", "+919123456780"]),
        ("9876543210;9123456780\n9876543210", "IN", ["+919876543210", "+919123456780"]),
        ("1) 98765 43210 2) 91234 56780", "IN", ["+919876543210", "+919123456780"]),
        ("98765 43210 2024-01-31 10:30", "IN", ["+919876543210"]),
        ("2024-01-31 10:30:00", "US", []),
        ("31/01/2024 10:30", "US", []),
        ("(022) 2345 6789 / 98765 43210 (m)", "IN", ["+912223456789", "+919876543210"]),
        ("022-23456789/90", "IN", ["+912223456789"]),
        ("Dr. Rao: 98765 43210 (after 6 pm)", "IN", ["+919876543210"]),
        ("rao98765@example.com, 98765 43210", "IN", ["+919876543210"]),
        ("rao9876543210@example.com", "IN", []),
        ("9.87654E+09", "IN", []),
        ("9.876543210E9", "IN", []),
        ("9876543210.0", "IN", ["+919876543210"]),
        ("9876543210.00", "IN", ["+919876543210"]),
        ("9,876,543,210", "IN", ["+919876543210"]),
        ("'9876543210", "IN", ["+919876543210"]),
        ("250788123456@s.whatsapp.net", None, ["+250788123456"]),
        ("250788123456:12@s.whatsapp.net", "IN", ["+250788123456"]),
        ("120363041234567890@g.us", "IN", []),
        ("whatsapp:+5215512345678", None, ["+525512345678"]),
        ("5215512345678@c.us", "US", ["+525512345678"]),
        ("5215512345678", "US", ["+525512345678"]),
        ("5215512345678", None, ["+525512345678"]),
        ("WhatsApp: 98765 43210", "IN", ["+919876543210"]),
        ("whatsapp:919876543210", "US", ["+919876543210"]),
        ("whatsapp://send?phone=%2B919876543210&text=1", "US", ["+919876543210"]),
        ("553187654321@s.whatsapp.net", None, ["+5531987654321"]),
        ("https://wa.me/919876543210?text=1", None, ["+919876543210"]),
        ("01 55 1234 5678", "MX", ["+525512345678"]),
        ("044 55 1234 5678", "MX", ["+525512345678"]),
        ("045 55 1234 5678", "MX", ["+525512345678"]),
        ("+52 1 55 1234 5678", None, ["+525512345678"]),
        ("0057 300 123 4567", "CO", ["+573001234567"]),
        ("0055 11 98765-4321", "BR", ["+5511987654321"]),
        ("0 15 11 98765-4321", "BR", ["+5511987654321"]),
        ("011 15 2345-6789", "AR", ["+5491123456789"]),
        ("06 1234 5678", "IT", ["+390612345678"]),
        ("1-800-FLOWERS", "US", ["+18003569377"]),
        ("(800) GOT-JUNK", "US", ["+18004685865"]),
        ("800 SIX-flag ext. 1234", "US", ["+18007493524"]),
        ("+9118009999999#12", "IN", ["+9118009999999"]),
        ("+26x97495973", "KM", ["+2697495973"]),
        ("0800~1234567890", "DE", ["+498001234567890"]),
        ("091 98765 43210", "IN", ["+919876543210"]),
        ("٩٨٧٦٥٤٣٢١٠", "IN", ["+919876543210"]),
        ("𝟗𝟖𝟕𝟔𝟓𝟒𝟑𝟐𝟏𝟎", "IN", ["+919876543210"]),
        (" " * 300 + "9876543210", "IN", []),
        ("\u202a+91 98765\u00a043210\u202c", None, ["+919876543210"]),
        ("9876543210", None, []),
        ("9876543210", "ZZ", []),
        ("00919876543210", None, ["+919876543210"]),
        ("9876543210", "in", ["+919876543210"]),
        ("n/a", "IN", []),
        ("", "IN", []),
        (None, "IN", []),
    ],
)
def test_reads(connection: Connection, raw: str | None, region: str | None, expected: list[str]) -> None:
    row = connection.execute("select phone_candidates(%s::text, %s::text)", [raw, region]).fetchone()
    assert row == (expected,)
    assert normalize(connection, raw, region) == (expected[0] if expected else None)


@pytest.mark.parametrize(
    ("raw", "region", "reason"),
    [
        (None, "IN", "empty"),
        (" \t", "IN", "empty"),
        ("9" * 251, "IN", "long_text"),
        ("9.87654E+09", "IN", "spreadsheet_number"),
        ("none", "IN", "no_digits"),
        ("98765", "IN", "too_few_digits"),
        ("98765432109876543210", "IN", "too_many_digits"),
        ("9876543210", None, "no_region"),
        ("9876543210", "ZZ", "no_region"),
        ("1876543210", "US", "not_assigned"),
        ("+999 1234567", None, "not_assigned"),
        ("9876543210", "IN", None),
    ],
)
def test_says_why_not(connection: Connection, raw: str | None, region: str | None, reason: str | None) -> None:
    assert connection.execute("select why_not_phone(%s::text, %s::text)", [raw, region]).fetchone() == (reason,)


def test_second_phone_is_the_second_candidate(connection: Connection) -> None:
    connection.execute(
        "create temp table seconds as select raw, phone_candidates(raw, region) as all_of_it, "
        "second_phone(raw, region) as second from written where style in ('two numbers', 'international', 'extension')"
    )
    differing = connection.execute(
        "select raw, all_of_it, second from seconds where second is distinct from all_of_it[2]"
    ).fetchall()
    assert [row for row in differing if len(re.findall("[0-9]", row[0])) >= 14] == []
    (share,) = connection.execute(
        "select avg((second is not null)::int) from seconds where cardinality(all_of_it) > 1"
    ).fetchone() or (0,)
    assert share > 0.9
    connection.execute("drop table seconds")


def test_match_key_joins_only_what_cannot_be_decided(connection: Connection) -> None:
    numbers = ["+5491123456789", "+541123456789", "+5511987654321", "+551187654321", "+919876543210", None]
    assert call(connection, "phone_match_key(x)", numbers) == [
        *("+541123456789", "+541123456789", "+551187654321", "+551187654321", "+919876543210", None)
    ]


# Hostile strings


def test_nothing_is_an_error_and_the_functions_agree_with_each_other(connection: Connection) -> None:
    differing = connection.execute("""
        select raw, region, ours from hostile
        where ours is distinct from (phone_candidates(raw, region))[1]
            or (ours is null) = (why_not_phone(raw, region) is null)
            or phone_valid(ours) <> (ours is not null)
            or (ours is null) <> (phone_kind(ours) is null)
            or (ours is null) <> (phone_region(ours) is null)
    """).fetchall()
    assert differing == []
    connection.execute("select phone_valid(raw), phone_kind(raw), phone_region(raw), phone_match_key(raw) from hostile")


def test_normalizing_twice_changes_nothing(connection: Connection) -> None:
    for table in ("hostile", "written"):
        changed = connection.execute(f"""
            select raw, region, ours from {table}
            where normalize_phone(ours, region) is distinct from ours
                or normalize_phone(ours, 'US') is distinct from ours
        """).fetchall()
        assert changed == []


@pytest.mark.parametrize("piece", ["9", "+", "9 ", "(", "x", "1/", "@", "٠", "\u0301", "\u202e", "+9 ", "é1", "ext 1"])
def test_a_megabyte_takes_no_more_than_its_length(connection: Connection, piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        started = time.monotonic()
        for expression in ("normalize_phone(%s, 'IN')", "phone_candidates(%s, 'IN')", "why_not_phone(%s, 'IN')"):
            connection.execute(f"select {expression}", [text])
        connection.execute("select phone_valid(%s), phone_match_key(%s)", [f"+{text}", f"+54{text}"])
        return time.monotonic() - started

    assert seconds(1_000_000) < 2
    assert min(seconds(250) for _ in range(3)) < 0.1


# The same everywhere


def test_immutable_and_parallel_safe(connection: Connection) -> None:
    marks = connection.execute("""
        select proname, provolatile, proparallel from pg_proc where pronamespace = 'c360_functions'::regnamespace
    """).fetchall()
    assert {name for name, *_ in marks} == set(function_names())
    assert {(volatility, parallel) for _, volatility, parallel in marks} == {("i", "s")}


def test_an_index_is_built_used_and_rebuilt_under_any_search_path(connection: Connection) -> None:
    connection.execute("""
        create schema if not exists evil;
        create or replace function evil.phone_reading(text, text, boolean) returns text return 'evil';
        create or replace function evil.phone_block(text) returns smallint return 0;
        create table public.phones as select raw, region from c360_functions.written limit 2000
    """)
    for search_path in ("", "pg_catalog", "evil, public", "pg_temp"):
        connection.execute("select set_config('search_path', %s, false)", [search_path])
        connection.execute("drop index if exists public.phones_idx")
        connection.execute("create index phones_idx on public.phones (c360_functions.normalize_phone(raw, region))")
        connection.execute("reindex table public.phones; analyze public.phones; set enable_seqscan = off")
        plan = connection.execute(
            "explain select from public.phones where c360_functions.normalize_phone(raw, region) = '+919876543210'"
        ).fetchall()
        connection.execute("reset enable_seqscan")
        assert "phones_idx" in str(plan)
    connection.execute("drop table public.phones; drop schema evil cascade; set search_path = c360_functions")


def test_a_new_plan_says_what_to_bring_up_to_it(connection: Connection) -> None:
    connection.execute("""
        create schema kept;
        set search_path = kept;
        create function own_phone(raw text) returns text immutable return c360_functions.normalize_phone(raw, 'IN');
        create function old_phone(raw text) returns text immutable language plpgsql
            as 'begin return kept.own_phone(raw); end';
        create table people (
            raw text,
            phone text generated always as (c360_functions.normalize_phone(raw, 'IN')) stored,
            given text default c360_functions.normalize_phone('98765 43210', 'IN')
        );
        create index direct on people (c360_functions.normalize_phone(raw, 'IN'));
        create index partial on people (raw) where c360_functions.phone_valid(raw);
        create index by_sql on people (own_phone(raw));
        create index by_text on people (old_phone(raw));
        create index of_the_column on people (phone);  -- kept by the update
        create index of_the_key on people (c360_functions.phone_match_key(raw));  -- knows no plan
        create view phones as select old_phone(raw) as phone from people;
        create materialized view stored_phones as select phone from phones;
        insert into people values ('98765 43210');
        set search_path = ''
    """)
    query = (ROOT / "scripts" / "customer360" / "sql" / "phone_plan_dependents.sql").read_text("utf-8")
    statements = [statement for (statement,) in connection.execute(query).fetchall()]
    assert statements == [
        "refresh materialized view kept.stored_phones;",
        "reindex index concurrently kept.by_sql;",
        "reindex index concurrently kept.by_text;",
        "reindex index concurrently kept.direct;",
        "reindex index concurrently kept.partial;",
        "update kept.people set phone = default"
        " where phone is distinct from c360_functions.normalize_phone(raw, 'IN'::text);",
    ]
    for statement in statements:
        connection.execute(statement)
    connection.execute("drop schema kept cascade; set search_path = c360_functions")


def test_what_a_schema_ahead_of_the_catalogue_holds_changes_nothing(connection: Connection) -> None:
    shadow_everything(connection)
    functions = ("normalize_phone", "phone_candidates", "why_not_phone", "second_phone")
    answers = ", ".join(f"c360_functions.{name}(raw, region)" for name in functions)
    others = ("phone_valid", "phone_kind", "phone_region", "phone_match_key")
    answers += ", " + ", ".join(f"c360_functions.{name}(ours)" for name in others)
    connection.execute("create table c360_functions.few as select raw, region, ours from written limit 5000")
    connection.execute("insert into c360_functions.few select raw, region, ours from hostile limit 2000")
    query = f"select raw, {answers} from c360_functions.few"
    connection.execute("set max_parallel_workers_per_gather = 0")
    expected = connection.execute(query).fetchall()
    with psycopg.connect(connection.info.dsn, autocommit=True) as hostile:
        hostile.execute("set max_parallel_workers_per_gather = 0")
        hostile.execute("set search_path = evil, pg_catalog")
        assert hostile.execute("select 'a' || 'b', lower('A')").fetchall() == [(None, None)]
        assert hostile.execute(query).fetchall() == expected
    connection.execute("reset max_parallel_workers_per_gather; drop table c360_functions.few")
    connection.execute("drop schema evil cascade")


def test_the_columns_collations_do_not_matter(connection: Connection) -> None:
    collations = ["C", "POSIX", "ucs_basic"]
    if connection.execute("select from pg_collation where collprovider = 'i' limit 1").fetchone():
        connection.execute("create collation blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)")
        collations += ["tr-x-icu", "blind"]
    for first, second in permutations(collations, 2):
        connection.execute(f"""
            create temp table collated (
                raw text collate "{first}", region text collate "{second}", ours text collate "{first}"
            );
            insert into collated select raw, region, ours from written limit 5000
        """)
        differing = connection.execute("""
            select raw, region, ours from collated
            where normalize_phone(raw, region) is distinct from ours collate "C"
                or (phone_candidates(raw, region))[1] is distinct from ours collate "C"
                or (why_not_phone(raw, region) is null) <> (ours is not null)
                or phone_valid(ours) <> (ours is not null)
                or (phone_kind(ours) is null) <> (ours is null)
                or (phone_match_key(ours) is null) <> (ours is null)
        """).fetchall()
        connection.execute("drop table collated")
        assert (first, second, differing) == (first, second, [])


# What the functions say of every text, each called where the others leave something open: a number is there exactly
# where there is no reason against it, and normalize_phone gives the first candidate (both tested above).
SAID = """
    create table said as
    select *, phone_kind(ours) as kind, phone_region(ours) as found_in, phone_match_key(ours) as key,
        case
            when why is null and (is_hostile or raw collate "C" ~ '([0-9][^0-9]*){14}')
                then phone_candidates(raw, region)
        end as candidates
    from (
        select *, case when is_hostile or ours is null then why_not_phone(raw, region) end as why
        from (
            select *, case when not is_hostile then normalize_phone(raw, region) end as ours from texts offset 0
        ) as normalized
        offset 0
    ) as reasoned
"""
DIGESTS = """
    select n / 1000, md5(string_agg(said::text, E'\\n' order by n)) from said group by 1
    union all
    select -2, count(*)::text from said where ours <> candidates[1]
    union all
    select -1, md5(string_agg(number || phone_kind(number) || phone_region(number), E'\\n' order by number collate "C"))
    from numbers
"""
LOCALES = {
    "18": ("", "locale 'C'", "locale_provider builtin builtin_locale 'PG_UNICODE_FAST'"),  # embedded: without ICU
    "15": ("", "locale 'C'", "locale_provider icu icu_locale 'tr'"),
}


def digests(source_url: str, server: Server, options: str) -> dict[int, str]:
    """What the functions say in another database, by thousands of texts; functions and texts come from the source."""
    with (
        psycopg.connect(source_url, autocommit=True) as source,
        fresh_database(server, f"{options} encoding 'UTF8' template template0") as url,
        psycopg.connect(url, autocommit=True) as target,
    ):
        copy_functions(source, target)
        target.execute("set search_path = c360_functions")
        target.execute("create table texts (n int, is_hostile boolean, raw text, region text)")
        target.execute("create table numbers (number text)")
        for table in ("texts", "numbers"):
            with (
                source.cursor().copy(f"copy public.{table} to stdout") as rows,
                target.cursor().copy(f"copy {table} from stdin") as copy,
            ):
                for row in rows:
                    copy.write(row)
        target.execute(SAID)
        return dict(target.execute(DIGESTS).fetchall())


def test_equal_on_both_versions_and_under_every_locale(server_of: ServerOf) -> None:
    places = [(version, options) for options in range(3) for version in LOCALES]
    servers = {version: server_of(version) for version in LOCALES}
    texts = dict.fromkeys(
        [*((False, raw, region) for _, raw, region, *_ in written()), *((True, *row) for row in hostile())]
    )
    with fresh_database(servers["18"]) as source, psycopg.connect(source, autocommit=True) as connection:
        build(source, select=tuple(function_names()))
        connection.execute("create table texts (n int, is_hostile boolean, raw text, region text)")
        with connection.cursor() as cursor, cursor.copy("copy texts from stdin") as copy:
            for n, row in enumerate(texts):
                copy.write_row((n, *row))
        numbers = [number for number, (valid, *_) in edges().items() if valid]
        connection.execute("create table numbers as select unnest(%s::text[]) as number", [numbers])
        with ThreadPoolExecutor(max_workers=2) as pool:
            found = list(pool.map(lambda at: digests(source, servers[at[0]], LOCALES[at[0]][at[1]]), places))
    assert found[0][-2] == "0"
    differing = [
        (*place, list(texts)[1000 * thousand], thousand)
        for place, digest in zip(places, found, strict=True)
        for thousand in found[0]
        if digest[thousand] != found[0][thousand]
    ]
    assert differing == []
