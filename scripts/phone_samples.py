"""Phone numbers of all regions in many styles, for the tests and the benchmark.

Numbers are drawn from libphonenumber's examples and from the blocks of the plan in use, edges included.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE as REGIONS_OF
from phonenumbers import PhoneNumber, PhoneNumberType

from phone_metadata import KINDS, NON_GEOGRAPHIC
from phone_plan import BLOCK_LABELS, BLOCKS, stored_array
from phone_styles import REGIONS, STYLES, Sample, Written

# Where the five source systems and most of their customers are.
HOME_REGIONS = ("IN", "RW", "CO", "MX", "FR", "US", "GB", "AE", "CI", "BR")
# How often which style occurs in a column of phone numbers, per thousand.
MIX = {
    **{"E.164": 180, "international": 150, "national": 260, "national digits": 110, "national significant number": 70},
    **{"own country code without plus": 60, "prefix for abroad": 20, "dots": 25, "slashes": 10, "label before": 15},
    **{"extension": 5, "extension, national": 5, "typographic signs": 10},
    **{"full width": 2, "digits of other scripts": 2},
    **{"a digit lost": 15, "a digit too many": 10, "no number": 30, "two numbers": 5, "words after": 5},
    **{"WhatsApp id": 5, "spreadsheet float": 3, "a stray character": 3},
}


def samples(seed: int, numbers_per_region: int) -> Iterator[Sample]:
    """So many numbers of every region in every style, the same for one seed."""
    chance = random.Random(seed)
    for region in (*REGIONS, NON_GEOGRAPHIC):
        for _ in range(numbers_per_region):
            written = _written(chance, region)
            yield from (sample for style in STYLES if (sample := written.in_style(style)))


def mixed(seed: int, size: int) -> Iterator[tuple[str, str]]:
    """(text, region) as a column of phone numbers holds them: mostly of home regions, mostly plain, some damaged."""
    chance = random.Random(seed)
    home = [_written(chance, region) for region in HOME_REGIONS for _ in range(2000)]
    world = [_written(chance, region) for region in REGIONS for _ in range(20)]
    styles, weights = list(MIX), list(MIX.values())
    while size > 0:
        written = chance.choice(home if chance.random() < 0.7 else world)
        raw = STYLES[chance.choices(styles, weights)[0]](written)
        if raw is not None:
            yield raw, written.region
            size -= 1


def _written(chance: random.Random, region: str) -> Written:
    return Written(draw(chance, region), draw(chance, region), region, chance)


@cache
def blocks() -> dict[str, dict[str, list[tuple[int, int]]]]:
    """The blocks of the plan in use, by region and kind."""
    found: dict[str, dict[str, list[tuple[int, int]]]] = {}
    bounds, labels = stored_array(BLOCKS), stored_array(BLOCK_LABELS)
    for first, end, label in zip(bounds, bounds[1:], labels, strict=False):
        first_letter, second_letter = divmod(label // 16, 26)
        region = chr(65 + first_letter) + chr(65 + second_letter) if first_letter < 26 else NON_GEOGRAPHIC
        if label:
            found.setdefault(region, {}).setdefault(KINDS[label % 16 - 1], []).append((first, end - 1))
    return found


def draw(chance: random.Random, region: str) -> PhoneNumber:
    """A valid number: an example, the edge of a block or any number within; every kind is as likely."""
    kinds = blocks().get(region)
    if kinds is None or chance.random() < 0.2:
        examples = [phonenumbers.example_number_for_type(region, kind) for kind in PhoneNumberType.values()]
        if found := [example for example in examples if example is not None]:
            return chance.choice(found)
    assert kinds is not None
    first, last = chance.choice(kinds[chance.choice(sorted(kinds))])
    digits = str(chance.choice((first, last, *(chance.randint(first, last) for _ in range(4)))))
    code = next(code for code in (int(digits[:length]) for length in (1, 2, 3)) if code in REGIONS_OF)
    national = digits[len(str(code)) :]
    zeros = len(national) - len(str(int(national)))
    return PhoneNumber(
        country_code=code,
        national_number=int(national),
        italian_leading_zero=zeros > 0 or None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )
