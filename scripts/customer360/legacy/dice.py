"""The one source of chance: a seeded generator with the few draws that the legacy data needs, and fast."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice(random.Random):
    """`random.Random` plus cheap draws; the same seed gives the same data on every machine."""

    def chance(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.random() < probability

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices, all alike."""
        return choices[int(self.random() * len(choices))]

    def pick_early(self, choices: Sequence[T]) -> T:
        """One of the choices, those at the front more often."""
        return choices[int(self.random() ** 1.8 * len(choices))]

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        return int(self.random() * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def hex(self, digits: int) -> str:
        """Random hexadecimal digits."""
        return f"{self.getrandbits(4 * digits):0{digits}x}"

    def uuid(self) -> str:
        """A version 4 UUID out of the seed, not out of the operating system."""
        text = f"{self.getrandbits(128):032x}"
        variant = "89ab"[int(self.random() * 4)]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"
