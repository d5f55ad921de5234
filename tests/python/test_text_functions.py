"""What holds for every text function: no error, idempotent, linear, immutable, the same everywhere."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from conftest import ServerOf, fresh_database
from psycopg import sql
from text_functions import (
    Connection,
    build_functions,
    copy_functions,
    fill,
    function_names,
    hostile_strings,
    shadow_everything,
)

CALLS = {
    "clean_text": "clean_text(x)",
    "lower_text": "lower_text(x)",
    "upper_text": "upper_text(x)",
    "fold_accents": "fold_accents(x)",
    "limit_marks": "limit_marks(x)",
    "clean_name": "clean_name(x)",
    "person_name": "person_name(x)",
    "person_key": "person_key(x)",
    "org_key": "org_key(x)",
    "normalize_email": "normalize_email(x)",
    "country_code": "country_code(x)",
    "language_code": "language_code(x)",
}
MORE_CALLS = {
    "name_words": "name_words(fold_accents(x))",
    "title_text": "title_text(lower_text(left(x, 200)))",
    "email_match_key": "email_match_key(normalize_email(x))",
    "name_tokens": "name_tokens(x)",
    "name_tokens_agree": "name_tokens_agree(x, reverse(x))",
    "phonetic_key": "phonetic_key(x)",
    "name_group": "name_group(x)",
    "is_organization_name": "is_organization_name(x)",
    "is_email": "is_email(x)",
    "text_problem": "text_problem(x, 20)",
    "parse_timestamp": "parse_timestamp(x)",
    "parse_uuid": "parse_uuid(x)",
    "parse_tags": "parse_tags(x)",
    "placeholder_reason phone": "placeholder_reason('phone', x)",
    "placeholder_reason email": "placeholder_reason('email', x)",
    "placeholder_reason id": "placeholder_reason('anything', x)",
}
# As plain SQL in the query that calls them, they cost no call, and an index on them is used.
INLINED = (
    *("clean_text", "lower_text", "upper_text", "fold_accents", "limit_marks", "text_problem", "parse_uuid"),
    *("normalize_email", "email_match_key", "is_email", "country_code", "language_code"),
)


def qualified(expression: str) -> str:
    """The expression with its functions found without a search path."""
    names = "|".join(sorted(function_names(), key=len, reverse=True))
    return re.sub(rf"\b({names})\(", r"c360_functions.\1(", expression)


@pytest.fixture(scope="module")
def connection(each_database: str) -> Iterator[Connection]:
    build_functions(each_database)
    with psycopg.connect(each_database, autocommit=True) as connection:
        connection.execute("set search_path = c360_functions")
        newest = connection.info.server_version >= 180000
        fill(connection, hostile_strings(100_000 if newest else 20_000, seed=360))
        yield connection


def test_every_function_is_called_here() -> None:
    called = " ".join((*CALLS.values(), *MORE_CALLS.values()))
    inner = {"clean_unicode_text", "fold_unicode_text", "lower_unicode_text", "upper_unicode_text"}
    inner |= {"normalize_odd_email", "placeholder_phone_reason", "placeholder_email_reason", "placeholder_id_reason"}
    assert {name for name in function_names() if f"{name}(" not in called} == inner


@pytest.mark.parametrize("expression", MORE_CALLS.values())
def test_hostile_strings_are_no_error(connection: Connection, expression: str) -> None:
    connection.execute(f"select count({expression}) from hostile")


@pytest.mark.parametrize("name", [*CALLS, "name_words", "email_match_key"])
def test_normalizing_twice_is_no_error_and_changes_nothing(connection: Connection, name: str) -> None:
    once = (CALLS | MORE_CALLS)[name]
    changed = connection.execute(
        f"select x, once, {name}(once) from (select x, {once} as once from hostile offset 0) as normalized "
        f"where {name}(once) is distinct from once limit 5"
    ).fetchall()
    assert changed == []


ONE_MEGABYTE = {
    "one letter": "a",
    "one capital": "É",
    "marks of two classes": "\u0301\u0323",
    "letters that come apart": "\u0344\u0958",
    "brackets open": "(",
    "brackets that end in none": "() ",
    "separators": ",",
    "signs of an address": "a@",
    "addresses": "a@b.com, ",
    "angle brackets": "<a@b",
    "legal forms": "pvt ltd ",
    "initials": "a b ",
    "titles": "dr don maria ",
    "joiners": "\u0915\u200d\u200d",
    "backslashes": "\\",
    "quotes": '["a",',
    "digits": "9",
}


@pytest.mark.parametrize("shape", ONE_MEGABYTE)
def test_time_is_linear_in_length(connection: Connection, shape: str) -> None:
    piece = ONE_MEGABYTE[shape]
    size = 1_000_000 if connection.info.server_version >= 180000 else 250_000
    text = piece * (size // len(piece.encode())) + "x"
    connection.execute("set statement_timeout = '20s'")  # a quadratic one takes hours
    try:
        for expression in (*CALLS.values(), *MORE_CALLS.values()):
            started = time.monotonic()
            connection.execute(f"select {expression} is null from (select %s::text as x offset 0) as given", [text])
            assert time.monotonic() - started < 20, expression
    finally:
        connection.execute("reset statement_timeout")


def test_declared_immutable_and_parallel_safe(connection: Connection) -> None:
    rows = connection.execute("""
        select proname from pg_proc
        where pronamespace = 'c360_functions'::regnamespace and (provolatile <> 'i' or proparallel <> 's')
    """).fetchall()
    assert rows == []


def test_usable_in_an_index_and_after_it_under_any_search_path(connection: Connection) -> None:
    connection.execute("create schema if not exists indexed; drop table if exists indexed.person cascade")
    connection.execute("create table indexed.person as select x from hostile where length(x) < 200 limit 2000")
    for number, expression in enumerate((*CALLS.values(), *MORE_CALLS.values())):
        connection.execute(f"create index i{number} on indexed.person (({qualified(expression)}))")
    connection.execute("set search_path = ''")
    connection.execute("reindex table indexed.person")
    connection.execute("insert into indexed.person select 'Dr. María (VIP)'")
    connection.execute("set search_path = c360_functions; drop table indexed.person")


@pytest.mark.parametrize("expression", [*CALLS.values(), *MORE_CALLS.values()])
def test_of_nothing_comes_nothing(connection: Connection, expression: str) -> None:
    row = connection.execute(f"select {expression} from (select null::text as x offset 0) as nothing").fetchone()
    assert row in [(None,), ([],)]


def test_what_a_schema_ahead_of_the_catalogue_holds_changes_nothing(connection: Connection) -> None:
    shadow_everything(connection)
    # What is not ours in a call would be shadowed too.
    values = ", ".join(
        qualified(expression).replace("reverse(x)", "x").replace("left(x, 200)", "x")
        for expression in (*CALLS.values(), *MORE_CALLS.values())
    )
    texts = 'select x collate "C" as x from pg_temp.hostile limit 3000'
    query = f"select * from ({texts}) as texts, lateral (select {values}) as said"
    expected = connection.execute(query).fetchall()
    with psycopg.connect(connection.info.dsn, autocommit=True) as hostile:
        fill(hostile, [x for x, *_ in expected])
        hostile.execute("set search_path = evil, pg_catalog")
        assert hostile.execute("select 'a' || 'b', lower('A')").fetchall() == [(None, None)]
        assert hostile.execute(query).fetchall() == expected
    connection.execute("drop schema evil cascade")


def test_run_in_parallel_workers(connection: Connection) -> None:
    """A block that catches errors, for one, cannot run in a worker before PostgreSQL 17."""
    connection.execute("create schema if not exists indexed; drop table if exists indexed.many")
    connection.execute("create table indexed.many as select x from hostile limit 5000")
    with connection.transaction():
        connection.execute("set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0")
        connection.execute("set local min_parallel_table_scan_size = 0; set local parallel_leader_participation = off")
        columns = ", ".join(f"count({expression})" for expression in (*CALLS.values(), *MORE_CALLS.values()))
        query = f"select {columns} from indexed.many"
        plan = connection.execute(f"explain {query}").fetchall()
        assert any("Parallel Seq Scan" in line for (line,) in plan)
        connection.execute(query)
    connection.execute("drop table indexed.many")


@pytest.mark.parametrize("name", INLINED)
def test_inlined(connection: Connection, name: str) -> None:
    expression = (CALLS | MORE_CALLS)[name].replace("normalize_email(x)", "x") if name == "email_match_key" else None
    expression = expression or (CALLS | MORE_CALLS)[name]
    plan = connection.execute(f"explain (verbose, costs off) select {expression} from hostile").fetchall()
    output = " ".join(line for (line,) in plan if "Output" in line)
    assert f"{name}(" not in output


DIGEST = "select md5(string_agg(coalesce(({})::text, '∅'), '|' order by x collate \"C\")) from hostile"
SETTINGS = {
    "plain": "",
    "no search path": "set search_path = ''",
    "other dates": "set datestyle = 'SQL, MDY'; set timezone = 'Asia/Kolkata'; set intervalstyle = 'postgres_verbose'",
    "german dates": "set datestyle = 'German'; set timezone = 'America/St_Johns'; set extra_float_digits = -5",
}


def test_the_same_on_both_versions_in_every_locale_under_every_setting(server_of: ServerOf) -> None:
    """Turkish, for one, has another small I."""
    strings = [*hostile_strings(5000, seed=15), "I", "İ", "ISTANBUL", "ıI", "Ǆ", "ß", "٣٣٣٣٣٣٣٣", "１２３４５６７"]
    # Characters younger than PostgreSQL 15's Unicode are another matter.
    strings = [text for text in strings if all(ord(char) < 0x10000 or 0x1F300 < ord(char) < 0x1F6FF for char in text)]
    options = {
        ("18", "C.UTF-8"): "",
        ("18", "C"): "encoding 'UTF8' locale 'C' template template0",
        ("15", "C"): "encoding 'UTF8' locale 'C' template template0",
        ("15", "Turkish"): "encoding 'UTF8' locale_provider icu icu_locale 'tr' locale 'C.UTF-8' template template0",
    }
    digests: dict[tuple[str, ...], dict[str, str]] = {}
    with fresh_database(server_of("18")) as built, psycopg.connect(built, autocommit=True) as source:
        build_functions(built)
        for (version, locale), option in options.items():
            with (
                fresh_database(server_of(version), option) as url,
                psycopg.connect(url, autocommit=True) as connection,
            ):
                copy_functions(source, connection)
                fill(connection, strings)
                for setting, command in SETTINGS.items():
                    if setting != "plain" and locale in ("C.UTF-8", "Turkish"):
                        continue
                    connection.execute("reset all")
                    found = digests[version, locale, setting] = {}
                    for name, expression in (CALLS | MORE_CALLS).items():
                        value = f"extract(epoch from {expression})" if name == "parse_timestamp" else expression
                        query = DIGEST.format(qualified(value))
                        connection.execute(sql.SQL(command))
                        row = connection.execute(query).fetchone()
                        assert row is not None
                        found[name] = row[0]
    expected = digests["18", "C.UTF-8", "plain"]
    for where, found in digests.items():
        assert found == expected, where


def test_constants_are_what_the_seeds_give() -> None:
    script = Path(__file__).resolve().parents[2] / "scripts" / "name_constants.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
