"""What the tests of the text functions share: building them, calling them on many values, hostile strings."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import psycopg
import yaml
from builds import build

GROUPS = ("_text", "_dates", "_names", "_emails", "_codes", "_placeholders")
FOLDER = Path(__file__).resolve().parents[2] / "functions"
Connection = psycopg.Connection[Any]


def function_names() -> list[str]:
    """Every function that the groups describe."""
    described = [yaml.safe_load((FOLDER / f"{group}.yml").read_text("utf-8")) for group in GROUPS]
    return [function["name"] for group in described for function in group["functions"]]


def build_functions(url: str) -> None:
    """Build them, and nothing else, in the database at `url`."""
    build(url, select=tuple(function_names()))


def copy_functions(source: Connection, target: Connection) -> None:
    """Create the functions of one database in another, which dbt would do in ten times the time."""
    bodies = source.execute("""
        select replace(pg_get_functiondef(oid), quote_ident(current_database()) || '.', '')
        from pg_proc where pronamespace = 'c360_functions'::regnamespace order by oid
    """).fetchall()
    target.execute("create extension if not exists fuzzystrmatch")
    target.execute("set check_function_bodies = off; create schema c360_functions")
    for (body,) in bodies:
        target.execute(body.replace(f'"{source.info.dbname}".', ""))


def shadow_everything(connection: Connection) -> None:
    """A schema `evil` with a function and an operator that answer NULL for each of PostgreSQL's on text and numbers."""
    connection.execute("""
        create schema if not exists evil;
        do $$
        declare
            shadowed record;
        begin
            for shadowed in
                select p.proname, pg_get_function_identity_arguments(p.oid) as arguments,
                    p.prorettype::regtype as answer
                from pg_proc as p
                where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind = 'f' and not p.proretset
                    and p.proname in ('lower', 'upper', 'left', 'right', 'substr', 'substring', 'length', 'char_length',
                        'octet_length', 'translate', 'replace', 'regexp_replace', 'ltrim', 'rtrim', 'btrim', 'strpos',
                        'split_part', 'width_bucket', 'array_to_string', 'string_to_array', 'chr', 'ascii', 'initcap',
                        'md5', 'reverse', 'starts_with', 'like', 'to_hex', 'lpad', 'int4', 'int8', 'text')
            loop
                execute format('create or replace function evil.%I(%s) returns %s language sql as %L',
                    shadowed.proname, shadowed.arguments, shadowed.answer, 'select null::' || shadowed.answer);
            end loop;
            for shadowed in
                select o.oid, o.oprname, o.oprleft::regtype as l, o.oprright::regtype as r,
                    o.oprresult::regtype as answer
                from pg_operator as o
                where o.oprnamespace = 'pg_catalog'::regnamespace and o.oprleft::regtype::text = any(
                    '{text,integer,bigint,smallint,jsonb,anyarray,anycompatiblearray}')
                    and o.oprright::regtype::text = any(
                        '{text,text[],integer,bigint,smallint,jsonb,anyarray,anycompatiblearray,anycompatible}')
            loop
                execute format('create function evil.%I(%s, %s) returns %s language sql as %L',
                    'op' || shadowed.oid, shadowed.l, shadowed.r, shadowed.answer, 'select '
                    || case when shadowed.answer::text ~ '^any' then '$1' else 'null::' || shadowed.answer end);
                execute format('create operator evil.%s (leftarg = %s, rightarg = %s, function = evil.%I)',
                    shadowed.oprname, shadowed.l, shadowed.r, 'op' || shadowed.oid);
            end loop;
        end
        $$
    """)


def call(connection: Connection, expression: str, values: Sequence[str | None]) -> list[Any]:
    """The value of `expression` for each of `values` (x in it), in their order, by one query."""
    rows = connection.execute(
        f"select {expression} from unnest(%s::text[]) with ordinality as given(x, place) order by place",
        [list(values)],
    ).fetchall()
    return [value for (value,) in rows]


def fill(connection: Connection, values: Iterable[str]) -> None:
    """Put the values into the temporary table `hostile`."""
    connection.execute("create temp table if not exists hostile (x text)")
    connection.execute("truncate hostile")
    with connection.cursor() as cursor, cursor.copy("copy hostile from stdin") as copy:
        for value in values:
            copy.write_row([value])
    connection.execute("analyze hostile")


# Alphabets that have broken normalizers before: separators, controls, marks of many classes, invisible and
# right-to-left signs, letters with odd cases or decompositions, scripts that spell with marks.
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "ABCXYZ .,;'-()[]{}<>@/&+_\"\\:|`~!#$%^*=?",
    "0123456789-/:.TZ+ ",
    " \t\n\r\v\f\u00a0\u2003\u3000\u0085",
    "".join(map(chr, range(1, 32))) + "\x7f\x80\x9f",
    "éÉüÜßẞøØłŁæÆœŒþÞıİñÑçÇŉǅﬁªº´’“”",
    "\u0301\u0300\u0323\u0344\u0345\u093c\u094d\u0e48\u3099\u309a\U0001d165\u0f73",
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\u00ad\u061c",
    "हिन्दीनामश्रीडॉ राम",
    "ΑΒΓάέΐΰςΣΩАБВГабвгЁёЙйІі",
    "عربيמןいろはがパﾊﾟ漢字한글\u1100\u1161\u11a8",
    "😀👩👧🏽\U000e0041\U0010ffff\ufffd\uffff\ufdfa\ufdd0",
)
PIECES = (
    *("dr", "mr", "sri", "don", "md", "jr", "the", "and", "et", "m/s", "sarl", "t.h.e", "l.a.b", "a.b.c.", "cia"),
    *("pvt ltd", "ltd", "s.a.s.", "gmbh & co. kg", "p ltd", "s de rl de cv", "hosp", "hospitals", "company"),
    *("n/a", "test", "unknown", "null", "maria", "GARCIA", "López", "o'brien", "garcia, maria", "(vip)", "[x]"),
    *("mailto:", "a@b.com", "@", "gmail.com", "x.y+z@gmail.com", "<", ">", "?subject=x", "user", "name", "no"),
    *("2024-02-30", "2024-02-29T10:20:30.5Z", "31/12/2024 23:59", "12:30", "1700000000", "+05:30", "9" * 13),
    *("fr-FR", "français", "India", "Côte d'Ivoire", "NA", "{", '["a","b"]', '"\\u00e9"', "\\ud83d", "[1,2]"),
    *("00000000-0000-0000-0000-000000000001", "+919999999999", "\\u0000", "\\x00"),
)


def hostile_strings(number: int, seed: int) -> list[str]:
    """Random strings, the same for one seed: any character, alphabets above, floods, pieces put together."""
    chance = random.Random(seed)

    def character() -> str:
        return chance.choice(chance.choice(ALPHABETS))

    def one() -> str:
        kind = chance.random()
        if kind < 0.1:
            codes = [chance.choice((chance.randrange(1, 0x250), chance.randrange(0xE000, 0x110000))) for _ in range(20)]
            return "".join(map(chr, codes[: chance.randrange(20)]))
        if kind < 0.5:
            return "".join(character() for _ in range(chance.randrange(25)))
        if kind < 0.55:
            return character() * chance.randrange(1, 120)
        if kind < 0.57:
            alphabet = chance.choice(ALPHABETS)
            return "".join(chance.choice(alphabet) for _ in range(chance.randrange(600)))
        pieces = [
            chance.choice(PIECES) if chance.random() < 0.8 else character() for _ in range(chance.randrange(1, 6))
        ]
        text = chance.choice((" ", " ", "", ",", ", ", "\u00a0")).join(pieces)
        return chance.choice((text, text, text.upper(), text.title()))

    return [one() for _ in range(number)]
