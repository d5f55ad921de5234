"""Write `macros/name_constants.sql`: what the name functions must hold as constants, from the seeds.

A function that is IMMUTABLE may not read a table, so the lists that it needs stand in its body. Each is
kept in one place only, a seed (or Unicode itself); this script turns them into macros that the bodies
in `functions/` call. Run it after changing a seed that it reads; a test compares its output to the file.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "macros" / "name_constants.sql"
HEADER = "{#- Written by scripts/name_constants.py from the seeds; change those, then run it again. -#}\n"
# The marks that Latin, Greek and Cyrillic letters carry, and Arabic's vowel signs, which few write, with the stroke
# that lengthens a word; other scripts spell with their marks.
MARK_BLOCKS = [(0x0300, 0x036F), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670), (0x1AB0, 0x1AFF),
               (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F)]  # fmt: skip
# Marks younger than Python's Unicode, which a newer PostgreSQL may know.
NEW_NONSTARTERS = {0x0897, 0x0ECE, *range(0x1ACF, 0x1B00), *range(0x10D69, 0x10D6E), *range(0x10EFA, 0x10F00),
                   *range(0x113CE, 0x113D1), 0x113E1, 0x113E2, 0x11F41, 0x11F42, 0x1611E, 0x1611F, 0x1612F,
                   *range(0x1E4EC, 0x1E4F0), 0x1E5EE, 0x1E5EF}  # fmt: skip
# Characters that show nothing, without the two joiners, which are spelling in Arabic and Indian scripts.
INVISIBLE = [(0x00AD, 0x00AD), (0x061C, 0x061C), (0x180E, 0x180E), (0x200B, 0x200B), (0x200E, 0x200F),
             (0x202A, 0x202E), (0x2060, 0x2069), (0xFEFF, 0xFEFF)]  # fmt: skip
JOINERS = [(0x200C, 0x200D)]
JOINING = "[\\u0600-\\u0dff]"
# Controls, punctuation, symbols and emoji: what separates the words of a folded name.
BETWEEN_WORDS = [(0x01, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0xA9), (0xAB, 0xB4), (0xB6, 0xB9), (0xBB, 0xBF),
                 (0xD7, 0xD7), (0xF7, 0xF7), (0x0964, 0x0965), (0x2000, 0x206F), (0x2190, 0x2BFF), (0x3000, 0x3003),
                 (0x3008, 0x3020), (0xFE00, 0xFE0F), (0xFFFD, 0xFFFD), (0x1F000, 0x1FAFF)]  # fmt: skip
# Letters, digits and marks of the world's scripts, which an international address may have; no punctuation.
LETTERS_OUTSIDE_ASCII = [(0xAA, 0xAA), (0xB5, 0xB5), (0xB7, 0xB7), (0xBA, 0xBA), (0xC0, 0xD6), (0xD8, 0xF6),
                         (0xF8, 0x1FFF), (0x2C00, 0x2DFF), (0x2E80, 0x2FFF), (0x3004, 0x3007), (0x3021, 0xD7FF),
                         (0xF900, 0xFDFF), (0x10000, 0x3FFFF)]  # fmt: skip
# A string, number, true, false or null that PostgreSQL's jsonb reads for certain (half of a surrogate pair
# it refuses), as a regular expression.
JSON_SCALAR = (
    r'"([^"\\\x01-\x1f]|\\(["\\/bfnrt]|u([0-9A-CEFa-cef][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2}'
    r'|[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2})))*"|-?(0|[1-9][0-9]*)(\.[0-9]+)?|true|false|null'
)
# Words between the words of a name, which people write, replace by a sign or leave out.
CONNECTORS = ["and", "the", "et", "und"]
# The one filler that cannot stand in a seed: dbt reads this word as NULL.
DBT_NULL = "null"
NOT_IN_NAME_KEYS = ".,;:'()[]_-\""
# Where the letters with a small and a capital form stand: Latin, then Greek, Cyrillic and Armenian.
LATIN = [*range(0x80, 0x300), 0x1E9E]
OTHER_CASED = range(0x370, 0x590)
# What a letter without decomposition is folded to; two letters where one does not do.
FOLDED_ONE = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "ĸ": "k",
              "ƀ": "b", "ɓ": "b", "ƈ": "c", "ɖ": "d", "ɗ": "d", "ƒ": "f", "ɠ": "g", "ƙ": "k", "ƚ": "l",
              "ɲ": "n", "ƥ": "p", "ƫ": "t", "ƭ": "t", "ʈ": "t", "ƴ": "y", "ƶ": "z", "ə": "e", "ɛ": "e",
              "ɔ": "o", "ɨ": "i", "ʉ": "u", "ς": "σ", "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'",
              "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‐": "-", "–": "-", "—": "-",
              "−": "-", "，": ",", "、": ",", "،": ","}  # fmt: skip
FOLDED_TWO = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}


def main() -> None:
    """Write the file, or with `--check` say whether it is what the seeds give."""
    text = render()
    if "--check" in sys.argv[1:]:
        sys.exit(0 if OUTPUT.read_text(encoding="utf-8") == text else f"{OUTPUT} is older than its seeds")
    OUTPUT.write_text(text, encoding="utf-8")


def render() -> str:
    """Return the macros, each a literal in SQL quotes."""
    return HEADER + "".join(
        f"\n{{% macro {name}() -%}}\n{literal(value)}\n{{%- endmacro %}}\n" for name, value in constants().items()
    )


def constants() -> dict[str, str]:
    """Return every constant by the name of its macro."""
    return {
        "latin_upper": "".join(upper for upper, _ in case_pairs(LATIN)),
        "latin_lower": "".join(lower for _, lower in case_pairs(LATIN)),
        "other_upper": "".join(upper for upper, _ in case_pairs(OTHER_CASED)),
        "other_lower": "".join(lower for _, lower in case_pairs(OTHER_CASED)),
        "letters_special": "".join(FOLDED_ONE),
        "letters_special_folded": "".join(FOLDED_ONE.values()),
        "marks_and_strays": f"[{spans(MARK_BLOCKS)}{spans(INVISIBLE)}{spans(JOINERS)}]+",
        "invisible_strays": f"[{spans(INVISIBLE)}]+",
        "stray_joiners": f"(?<!{JOINING})[{spans(JOINERS)}]+|[{spans(JOINERS)}]+(?!{JOINING})",
        "flood_of_marks": "([{0}]{{30}})[{0}]+".format(spans(nonstarters())),
        "no_part_of_a_word": f"[{spans(BETWEEN_WORDS)}]+",
        "nicknames_map": as_json(nicknames()),
        "honorifics_map": as_json({row["honorific"]: row["dropped"] for row in seed("honorifics")}),
        "legal_forms_at_end": as_json(dict.fromkeys(forms("end"), "")),
        "legal_forms_last_words": as_json({form.split()[-1]: "" for form in forms("end")}),
        "legal_forms_at_start": as_json(dict.fromkeys(forms("start"), "")),
        "connectors": as_json(dict.fromkeys(CONNECTORS, "")),
        "org_words_map": as_json({row["abbreviation"]: row["full_word"] for row in seed("org_abbreviations")}),
        "organization_words": as_json(dict.fromkeys((row["word"] for row in seed("organization_words")), "")),
        "filler_names": as_json(
            dict.fromkeys([DBT_NULL, *(row["pattern"] for row in seed("placeholders") if row["kind"] == "name")], "")
        ),
        "json_scalar": JSON_SCALAR,
        "plain_email": email_pattern("A-Za-z0-9"),
        "international_email": email_pattern(f"a-z0-9{spans(LETTERS_OUTSIDE_ASCII)}"),
        "not_in_name_keys": f"[{escape(0x01)}-{escape(0x20)}{re.escape(NOT_IN_NAME_KEYS)}]+",
        "countries_map": as_json(lookup("countries", "country_code")),
        "languages_map": as_json(lookup("languages", "language_code")),
    }


def case_pairs(codes: Iterable[int]) -> list[tuple[str, str]]:
    """Return those capitals, with their small letters, that are not a letter and a mark."""
    return [
        (chr(code), chr(code).lower())
        for code in codes
        if len(chr(code).lower()) == 1
        and chr(code).lower() != chr(code)
        and unicodedata.normalize("NFKD", chr(code)) == chr(code)
    ]


def email_pattern(letters: str) -> str:
    """Return the HTML standard's pattern of an address, its labels of any length, with these letters."""
    label = f"[{letters}]+(-+[{letters}]+)*"
    return rf"^[{letters}.!#$%&'*+/=?^_`{{|}}~-]+@({label}\.)*{label}$"


def nonstarters() -> Iterator[tuple[int, int]]:
    """Yield the ranges of characters with a combining class, which normalizing has to sort."""
    first = None
    for code in range(0x300, 0x110000):
        combining = unicodedata.combining(chr(code)) != 0 or code in NEW_NONSTARTERS
        if combining and first is None:
            first = code
        elif not combining and first is not None:
            yield first, code - 1
            first = None


def nicknames() -> dict[str, str]:
    """Return the names that a word may stand for: two words that share one may be one name."""
    found: dict[str, set[str]] = {}
    for row in seed("nicknames"):
        found.setdefault(row["nickname"], set()).add(row["name"])
        found.setdefault(row["name"], set()).add(row["name"])
    return {word: " ".join(sorted(names)) for word, names in found.items()}


def forms(position: str) -> list[str]:
    """Return the legal forms looked for at the start or the end of a name."""
    return [row["legal_form"] for row in seed("legal_forms") if row["position"] == position]


def lookup(name: str, code_column: str) -> dict[str, str]:
    """Return what a country or language may be called (as a key) with its code."""
    found: dict[str, str] = {}
    rows = list(seed(name))
    for columns in (
        (code_column, "alpha3"), ("name_en", "name_es", "name_fr"), ("other_names",)
    ):  # fmt: skip
        for row in rows:
            for column in columns:
                for written in row[column].split(";"):
                    if key := name_key(written):
                        found.setdefault(key, row[code_column])
    return found


def name_key(written: str) -> str:
    """Return the key under which the SQL functions look a name up."""
    folded = unicodedata.normalize("NFKD", written)
    folded = "".join(char for char in folded if not any(a <= ord(char) <= b for a, b in [*MARK_BLOCKS, *JOINERS]))
    folded = "".join((FOLDED_ONE | FOLDED_TWO).get(char, char) for char in folded.lower())
    folded = unicodedata.normalize("NFKC", folded).replace("&", "and")
    return "".join(char for char in folded if ord(char) > 0x20 and char not in NOT_IN_NAME_KEYS)


def seed(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a seed."""
    with (ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def as_json(values: dict[str, str]) -> str:
    """Return a JSON object, in which PostgreSQL finds a key by halving."""
    return json.dumps(dict(sorted(values.items())), ensure_ascii=False, separators=(",", ":"))


def spans(ranges: Iterable[tuple[int, int]]) -> str:
    """Return ranges of characters as a bracket of a regular expression holds them."""
    return "".join(span(first, last) for first, last in ranges)


def span(first: int, last: int) -> str:
    """Return a range of characters as regular expressions write it."""
    return escape(first) if first == last else f"{escape(first)}-{escape(last)}"


def escape(code: int) -> str:
    """Return a character as PostgreSQL's regular expressions escape it."""
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def literal(value: str) -> str:
    """Return a SQL literal; none of the constants may end the macro or the function's quotes."""
    assert not any(sign in value for sign in ("{{", "{%", "{#", "$c360_body$"))
    return "'" + value.replace("'", "''") + "'"


if __name__ == "__main__":
    main()
