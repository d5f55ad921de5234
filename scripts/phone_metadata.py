"""What libphonenumber's metadata says, brought into the form that the SQL functions hold it in.

Blocks: every number that exists, as intervals of country code + national number with region and kind.
Prefixes: how many of the first digits dialled a region's prefixes take. Both are lines of integers on which
`width_bucket` finds a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE as REGIONS_OF
from phonenumbers.phonemetadata import PhoneMetadata

from digit_ranges import Automaton, Interval, Matched, label_intervals, prefix_lengths

VERSION = phonenumbers.__version__
NATIONAL_LENGTHS = range(2, 18)
PREFIX_DIGITS = 8
NON_GEOGRAPHIC = "001"
# In the order in which libphonenumber asks; a number of both of the last two is `fixed_line_or_mobile`.
SPECIAL_KINDS = ("premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail")
# A kind is stored as its place in this list, counted from one; functions/phone_kind.sql holds the same list.
KINDS = (*SPECIAL_KINDS, "fixed_line", "mobile", "fixed_line_or_mobile")
# First digits that are dropped as a trunk prefix is, beside the plan's own. Mexico's prefixes ended in 2019, but
# people still write them, and the mobile 1 lives on in WhatsApp ids. In Åland the country code without its plus
# goes first, as libphonenumber has it: with it the number may also be one of mainland Finland.
OTHER_TRUNK = {"MX": "01|04[45]|1", "AX": "358"}


@dataclass(frozen=True)
class Region:
    """One region's rules for reading a number that does not name its country; patterns only take digits away."""

    name: str
    code: int
    place: int
    international: str
    trunk: str
    area: str = ""
    local: str = ""
    local_prefix: str = ""

    @property
    def key(self) -> str:
        """Where the region's prefixes stand: its calling code and its place among the regions that share it."""
        return f"{self.code:03}{self.place:02}"


def metadata_of(region: str, code: int) -> PhoneMetadata:
    """The metadata of a region, or of a calling code that belongs to none."""
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    assert metadata is not None
    return metadata


def regions() -> list[Region]:
    """All regions, the main one of every calling code first among those that share it."""
    return [
        _region(name, code, place) for code, names in sorted(REGIONS_OF.items()) for place, name in enumerate(names)
    ]


def _region(name: str, code: int, place: int) -> Region:
    metadata = metadata_of(name, code)
    international, trunk = metadata.international_prefix or "", metadata.national_prefix_for_parsing or ""
    transform = metadata.national_prefix_transform_rule or ""
    area = local = local_prefix = ""
    if found := re.fullmatch(r"\((?P<local>[^()]*)\)\$(\|(?P<trunk>.*))?", trunk):
        # Local numbers, known by their length and first digit: the transform puts the area before them.
        # (In Japan it puts nothing: those numbers keep their 000, and validity tells them from the rest.)
        local, local_prefix = found["local"].partition("\\d")[0], transform.removesuffix("\\1")
        trunk = found["trunk"] or ""
    elif name == "AR":
        # 0 + area + 15 + number: the 15 goes, and a 9 comes before the area.
        area, trunk = _taken_apart(trunk, transform, r"0\?\(\?:(?P<part>\(.*\))15\)\?", "9\\1"), "0"
    elif name == "BR":
        # 0 or 90, then a carrier if enough digits follow; the shorter reading wins when it is valid.
        trunk = "(?:0|90)" + _taken_apart(trunk, transform, r"\(\?:0\|90\)(?P<part>\(.*\)\?)", "\\2")
        trunk = trunk.replace("(\\d{10,11})", "")
    elif name == "GA":
        # 0 before the numbers listed, which validity tells from the rest.
        _taken_apart(trunk, transform, r"0(?P<part>\(.*\))", "\\1")
        trunk = "0"
    elif transform:
        raise ValueError(f"{name}: prefix {trunk!r} with transform {transform!r} is new: add its case to this function")
    trunk = "|".join(filter(None, [trunk, OTHER_TRUNK.get(name)]))
    return Region(name, code, place, international, trunk, area, local, local_prefix)


def _taken_apart(trunk: str, transform: str, shape: str, known_transform: str) -> str:
    found = re.fullmatch(shape, trunk)
    if found is None or transform != known_transform:
        raise ValueError(f"prefix {trunk!r} with transform {transform!r} has a new shape: add its case above")
    return found["part"]


def blocks() -> Iterator[Interval]:
    """Every number that exists, as intervals labelled 'region kind'."""
    for code in sorted(REGIONS_OF):
        yield from _blocks_of(code)


def _blocks_of(code: int) -> Iterator[Interval]:
    plans = []
    for name in REGIONS_OF[code]:
        metadata = metadata_of(name, code)
        parts = {kind: getattr(metadata, kind) for kind in ("general_desc", *KINDS[:-1])}
        patterns = {
            kind: part.national_number_pattern for kind, part in parts.items() if part and part.national_number_pattern
        }
        if metadata.leading_digits and len(REGIONS_OF[code]) > 1:
            patterns["leading"] = f"(?:{metadata.leading_digits})\\d{{0,17}}"
        plans.append((name, patterns, bool(metadata.same_mobile_and_fixed_line_pattern)))

    def label(matched: Matched) -> str | None:
        """The first region that claims the number, by its leading digits if it has such, decides whether it is one."""
        for name, patterns, same_pattern in plans:
            kinds = {kind for kind, pattern in patterns.items() if pattern in matched}
            kind = _kind(kinds, same_pattern)
            if "leading" in kinds or ("leading" not in patterns and kind):
                return kind and f"{name} {kind}"
        return None

    automaton = Automaton(pattern for _, patterns, _ in plans for pattern in patterns.values())
    return label_intervals(automaton, label, NATIONAL_LENGTHS, str(code))


def _kind(matched: set[str], same_pattern: bool) -> str | None:
    if "general_desc" not in matched:
        return None
    for kind in SPECIAL_KINDS:
        if kind in matched:
            return kind
    if "fixed_line" in matched:
        return "fixed_line_or_mobile" if same_pattern or "mobile" in matched else "fixed_line"
    return "mobile" if "mobile" in matched and not same_pattern else None


def prefixes(region: Region) -> Iterator[tuple[int, int, int]]:
    """A region's prefix rules by the first digits dialled, behind the region's key.

    A rule is five decimal digits: 1 if these may begin a local number; the length of the international prefix; the
    length of the area code if Argentina's 15 follows it; the longest and the shortest trunk prefix (they differ by a
    carrier's code).
    """
    area = f"0?{region.area}15" if region.area else ""
    automaton = Automaton(filter(None, (region.international, region.trunk, area, region.local)))
    offset = int(region.key) * 10**PREFIX_DIGITS
    for first, last, lengths in prefix_lengths(automaton, PREFIX_DIGITS):
        shortest, longest = lengths.get(region.trunk, (0, 0))
        if region.name == "GA":
            shortest = 0  # its new numbers begin with the 0 that was its trunk prefix
        rule = lengths.get(region.international, (0, 0))[1] * 1000 + longest * 10 + shortest
        if area in lengths:
            rule += 100 * (lengths[area][1] - len("15") - str(first).zfill(PREFIX_DIGITS).startswith("0"))
        yield offset + first, offset + last, rule + (10_000 if region.local in lengths else 0)


def calling_code_lengths() -> Iterator[tuple[int, int, int]]:
    """How many of the first digits of a full number are its country code, behind a key of zeros."""
    for code in REGIONS_OF:
        size = 10 ** (PREFIX_DIGITS - len(str(code)))
        yield code * size, (code + 1) * size - 1, len(str(code))


def number_line(intervals: Iterable[tuple[int, int, int]]) -> tuple[list[int], list[int]]:
    """Boundaries, and the label that holds from each boundary on; 0 where no interval is."""
    bounds: list[int] = []
    labels: list[int] = []
    end = 0
    for first, last, label in sorted(intervals):
        if first > end:
            bounds.append(end)
            labels.append(0)
        if first > end or not labels or labels[-1] != label:
            bounds.append(first)
            labels.append(label)
        end = last + 1
    return [*bounds, end], [*labels, 0]


def block_label(label: str) -> int:
    """Region and kind in one small integer; functions/phone_region.sql and phone_kind.sql take it apart."""
    region, kind = label.split()
    first, second = (26, 0) if region == NON_GEOGRAPHIC else (ord(letter) - ord("A") for letter in region)
    return (first * 26 + second) * 16 + KINDS.index(kind) + 1
