"""Write the phone plan: what the SQL functions and the seed know of the world's numbering plans.

`make phone-plan` runs this after the `phonenumbers` package (libphonenumber's metadata) was upgraded. It writes
`functions/phone_plan/*.sql` and `seeds/phone_regions.csv` and says whose numbers changed. With `--check` it writes
nothing and fails when a file is not what the installed package gives.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
import textwrap
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE as REGIONS_OF

import phone_metadata
from phone_metadata import NON_GEOGRAPHIC, VERSION, Region

ROOT = Path(__file__).resolve().parents[1]
FUNCTIONS = ROOT / "functions" / "phone_plan"
BLOCKS, BLOCK_LABELS = FUNCTIONS / "phone_blocks.sql", FUNCTIONS / "phone_block_labels.sql"
HEADER = f"-- Written by `make phone-plan` from phonenumbers {VERSION}: do not edit by hand."
SEED_COLUMNS = (
    *("region", "calling_code", "is_main_region", "international_prefix", "trunk_prefix", "trunk_transform"),
    "metadata_version",
)
# What translate() is to find soon, for it searches from the left: ASCII, which stands for itself, the words for an
# extension in other letters, and the sign that stands for all other characters.
ASCII = "0123456789 -()+./" + "abcdefghijklmnopqrstuvwxyz" + ",:;#'\"@_&*=?!~[]|<>\t\r\n"
EXTENSION, OTHER = "óдобДОБ", "é"


def render() -> dict[Path, str]:
    """The generated files and their contents."""
    regions = phone_metadata.regions()
    geographic = sorted((r for r in regions if r.name != NON_GEOGRAPHIC), key=lambda region: region.name)
    blocks, labels = phone_metadata.number_line(
        (first, last, phone_metadata.block_label(label)) for first, last, label in phone_metadata.blocks()
    )
    prefixes, rules = phone_metadata.number_line(
        [*phone_metadata.calling_code_lengths(), *(line for r in regions for line in phone_metadata.prefixes(r))]
    )
    keys = {region.name: region.key + region.local_prefix for region in geographic}
    keys |= {f"+{region.code}": region.key + region.local_prefix for region in regions if region.place == 0}
    return {
        BLOCKS: _array(blocks, "bigint"),
        BLOCK_LABELS: _array(labels, "smallint"),
        FUNCTIONS / "phone_prefixes.sql": _array(prefixes, "bigint"),
        FUNCTIONS / "phone_prefix_rules.sql": _array(rules, "smallint"),
        FUNCTIONS / "phone_region_keys.sql": _literal(json.dumps(keys), "pg_catalog.jsonb"),
        FUNCTIONS / "phone_ascii.sql": _translation(ascii_characters()),
        FUNCTIONS / "phone_plan_version.sql": f"{HEADER}\nselect '{VERSION}'\n",
        ROOT / "seeds" / "phone_regions.csv": _seed(geographic),
    }


def stored_array(path: Path) -> list[int]:
    """The integers of a generated function that returns an array."""
    return [int(number) for number in re.findall(r"-?\d+", path.read_text("utf-8").partition("'")[2])[:-1]]


def ascii_characters() -> dict[str, str]:
    """What phone numbers are written with beyond ASCII, and its plain equivalent."""
    characters = {character: character for character in ASCII + EXTENSION + OTHER}
    for character in (*map(chr, range(0xFF01, 0xFF5F)), *map(chr, range(0x80, 0x20000))):
        category = unicodedata.category(character)
        if category == "Nd":
            characters[character] = str(unicodedata.digit(character))
        elif category in ("Zs", "Cf"):
            characters[character] = " "
        elif category == "Pd" or character in "\u2212\u30fc":
            characters[character] = "-"
        elif "\uff01" <= character <= "\uff5e" and character not in "\uff07\uff3c":  # ' and \ end a literal
            characters[character] = chr(ord(character) - 0xFEE0).lower()
        elif character in "\u2053\u223c":
            characters[character] = "~"
    return characters


def _translation(characters: dict[str, str]) -> str:
    # translate() searches its list for each character, so regular expressions take first what they can: spaces, and
    # what the list does not have. The accent of a letter in two parts is dropped.
    blank = [character for character, plain in characters.items() if plain == " " != character]
    known = {character: plain for character, plain in characters.items() if character not in blank}
    sources, targets = (_escaped("".join(side)) for side in zip(*known.items(), strict=True))
    return f"""{HEADER}
select translate(
    regexp_replace(
        regexp_replace(
            replace(raw collate "C", E'\\u0301', ''),
            {_escaped(f"[{_spans(blank)}]+")},
            ' ', 'g'
        ),
        {_escaped(f"[^{chr(1)}-{chr(127)}{_spans(c for c in known if not c.isascii())}]+")},
        '{OTHER}', 'g'
    ),
    {sources},
    {targets}
)
"""


def _spans(characters: Iterable[str]) -> str:
    """Characters as a bracket of a regular expression holds them, what stands in a row as a range."""
    codes = sorted(map(ord, characters))
    firsts = [code for code in codes if code - 1 not in codes]
    lasts = [code for code in codes if code + 1 not in codes]
    return "".join(chr(a) if a == b else f"{chr(a)}-{chr(b)}" for a, b in zip(firsts, lasts, strict=True))


def _escaped(text: str) -> str:
    """A string literal over several lines, in which what is not plain is seen as its code."""
    lines = [""]
    for character in text:
        plain = character.isascii() and character.isprintable() and character not in "'\\"
        code = f"\\u{ord(character):04x}" if character <= "\uffff" else f"\\U{ord(character):08x}"
        escaped = character if plain else code
        if len(lines[-1]) + len(escaped) > 100:
            lines.append("")
        lines[-1] += escaped
    return "E'" + "'\n    '".join(lines) + "'"


def _array(values: Iterable[int], element: str) -> str:
    return _literal("{" + ", ".join(map(str, values)) + "}", f"{element}[]")


def _literal(text: str, data_type: str) -> str:
    lines = "\n".join(textwrap.wrap(text, 118, break_long_words=False, break_on_hyphens=False))
    return f"{HEADER}\nselect '{lines}'::{data_type}\n"


def _seed(regions: list[Region]) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(SEED_COLUMNS)
    for region in regions:
        plan = phone_metadata.metadata_of(region.name, region.code)
        trunk, transform = plan.national_prefix_for_parsing, plan.national_prefix_transform_rule
        is_main = str(region.place == 0).lower()
        rows.writerow([region.name, region.code, is_main, region.international, trunk, transform, VERSION])
    return out.getvalue()


def changed_calling_codes(before: list[tuple[int, int]], after: list[tuple[int, int]]) -> list[int]:
    """The calling codes whose numbers, or what is known of them, differ between two lines of blocks."""
    different = {str(bound) for bound, _ in set(before) ^ set(after)}
    return sorted(code for code in REGIONS_OF if any(bound.startswith(str(code)) for bound in different))


def _block_line() -> list[tuple[int, int]]:
    exists = BLOCKS.exists() and BLOCK_LABELS.exists()
    return list(zip(stored_array(BLOCKS), stored_array(BLOCK_LABELS), strict=True)) if exists else []


def main() -> int:
    """Write the files, or with `--check` say which are out of date."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is out of date")
    check = parser.parse_args().check
    before = _block_line()
    changed = {path: text for path, text in render().items() if not path.exists() or path.read_text("utf-8") != text}
    for path, text in changed.items():
        print(f"{'out of date' if check else 'wrote'}: {path.relative_to(ROOT)}")
        if not check:
            path.write_text(text, "utf-8")
    if codes := changed_calling_codes(before, _block_line()):
        print(f"Numbers changed under +{', +'.join(map(str, codes))}.")
        print("Indexes, generated columns and materialized views hold what the old plan said. After the next dbt build")
        print("scripts/customer360/sql/phone_plan_dependents.sql lists them, each with the statement that renews it.")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
