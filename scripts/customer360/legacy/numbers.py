"""Mobile phone numbers that could exist, no two alike: a permutation of the numbers a country gives out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

# Larger than any factor of a plan's capacity, so that multiplying by it only reorders.
STRIDE = 2_654_435_761


@dataclass(frozen=True)
class MobilePlan:
    """What mobile numbers of one country look like."""

    calling_code: str
    prefixes: tuple[str, ...]
    """Leading digits in use; any digits after them make a valid number."""
    free_digits: int
    groups: tuple[int, ...]
    """How people group the national digits when they write them down."""
    trunk: str
    """Digit dialled before national numbers; empty where there is none."""

    @cached_property
    def capacity(self) -> int:
        """How many numbers there are."""
        return len(self.prefixes) * int(10**self.free_digits)

    def nth(self, n: int, *, start: int = 0) -> str:
        """The n-th number of a scattered order without repeats up to `capacity`; `start` shifts it."""
        place = (n * STRIDE + start) % self.capacity
        prefix, rest = divmod(place, 10**self.free_digits)
        return f"+{self.calling_code}{self.prefixes[prefix]}{rest:0{self.free_digits}d}"

    def national(self, e164: str) -> str:
        """The national digits of a number in E.164."""
        return e164[1 + len(self.calling_code) :]

    def grouped(self, national: str, separator: str) -> str:
        """National digits in the groups that people write."""
        parts, at = [], 0
        for size in self.groups:
            parts.append(national[at : at + size])
            at += size
        return separator.join(parts)


def _range(first: int, last: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(first, last + 1))


PLANS: dict[str, MobilePlan] = {
    "IN": MobilePlan("91", _range(9810, 9849) + _range(9880, 9899) + _range(7021, 7039), 6, (5, 5), "0"),
    "FR": MobilePlan("33", _range(610, 637) + _range(660, 689), 6, (1, 2, 2, 2, 2), "0"),
    "CO": MobilePlan("57", _range(3100, 3189) + _range(3000, 3019), 6, (3, 3, 4), ""),
    "MX": MobilePlan("52", _range(5520, 5559) + _range(3310, 3319) + _range(8110, 8119), 6, (2, 4, 4), ""),
    "BR": MobilePlan("55", _range(1196, 1199) + _range(2196, 2199) + _range(3198, 3199), 7, (2, 5, 4), ""),
    "AR": MobilePlan("54", _range(9112, 9116), 7, (1, 2, 4, 4), ""),
    "CL": MobilePlan("56", _range(950, 966) + _range(973, 989), 6, (1, 4, 4), ""),
    "PE": MobilePlan("51", _range(920, 989), 6, (3, 3, 3), ""),
    "KE": MobilePlan("254", _range(700, 729) + _range(110, 115), 6, (3, 3, 3), "0"),
    "RW": MobilePlan("250", _range(720, 739) + _range(780, 799), 6, (3, 3, 3), "0"),
    "UG": MobilePlan("256", _range(750, 759) + _range(770, 789), 6, (3, 3, 3), "0"),
    "TZ": MobilePlan("255", _range(650, 659) + _range(710, 719) + _range(750, 769), 6, (3, 3, 3), "0"),
}
