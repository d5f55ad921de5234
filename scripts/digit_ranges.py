"""Turn regular expressions over digits into integer intervals, exactly.

A numbering plan says which numbers exist by patterns such as `[6-9]\\d{9}|1800\\d{4,7}`. Every pattern is
finite, so the numbers of one length that it matches are a set of integers: the patterns become one automaton,
the automaton is walked digit by digit, and what it accepts is written down as intervals. Several patterns are
walked at once, so that one walk labels each number by all that match it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TypeAlias

State: TypeAlias = frozenset[int]
Matched: TypeAlias = frozenset[str]
Interval: TypeAlias = tuple[int, int, str]
Lengths: TypeAlias = dict[str, tuple[int, int]]

ALL_DIGITS = frozenset(range(10))


class Automaton:
    """A nondeterministic automaton over digits that reads several patterns side by side."""

    def __init__(self, patterns: Iterable[str]) -> None:
        """Compile the patterns."""
        self._skips: list[list[int]] = []
        self._steps: list[list[tuple[frozenset[int], int]]] = []
        self._known: dict[tuple[State, int], State] = {}
        self._pattern_of_end: dict[int, str] = {}
        begins = set()
        for self._pattern in dict.fromkeys(patterns):
            self._position = 0
            begin, end = self._alternatives()
            if self._position != len(self._pattern):
                raise ValueError(f"cannot read {self._pattern!r} beyond position {self._position}")
            begins.add(begin)
            self._pattern_of_end[end] = self._pattern
        self.start = self._closure(begins)

    def step(self, state: State, digit: int) -> State:
        """The state after `digit`; an empty one is a dead end."""
        if (state, digit) not in self._known:
            after = {to for at in state for digits, to in self._steps[at] if digit in digits}
            self._known[state, digit] = self._closure(after)
        return self._known[state, digit]

    def matched(self, state: State) -> Matched:
        """The patterns that match all digits read so far."""
        return frozenset(self._pattern_of_end[node] for node in state if node in self._pattern_of_end)

    def _closure(self, nodes: set[int]) -> State:
        found, waiting = set(nodes), list(nodes)
        while waiting:
            for node in self._skips[waiting.pop()]:
                if node not in found:
                    found.add(node)
                    waiting.append(node)
        # Only nodes that read a digit or end a pattern tell states apart.
        return frozenset(node for node in found if self._steps[node] or not self._skips[node])

    def _node(self) -> int:
        self._skips.append([])
        self._steps.append([])
        return len(self._skips) - 1

    def _peek(self, text: str) -> bool:
        return self._pattern.startswith(text, self._position)

    def _take(self, text: str) -> bool:
        taken = self._peek(text)
        self._position += len(text) * taken
        return taken

    def _alternatives(self) -> tuple[int, int]:
        begin, end = self._node(), self._node()
        while True:
            first, last = self._sequence()
            self._skips[begin].append(first)
            self._skips[last].append(end)
            if not self._take("|"):
                return begin, end

    def _sequence(self) -> tuple[int, int]:
        begin = end = self._node()
        while self._position < len(self._pattern) and not self._peek("|") and not self._peek(")"):
            first, last = self._repeated()
            self._skips[end].append(first)
            end = last
        return begin, end

    def _repeated(self) -> tuple[int, int]:
        atom_at = self._position
        begin, end = self._atom()
        least, most = self._bounds()
        after = self._position
        if least == 0:
            self._skips[begin].append(end)
        for count in range(2, most + 1):  # the atom is read once more for every copy
            self._position = atom_at
            first, last = self._atom()
            self._skips[end].append(first)
            if count > least:
                self._skips[first].append(last)
            end = last
        self._position = after
        return begin, end

    def _bounds(self) -> tuple[int, int]:
        if self._take("?"):
            return 0, 1
        if not self._take("{"):
            return 1, 1
        closing = self._pattern.index("}", self._position)
        bounds = self._pattern[self._position : closing].split(",")
        self._position = closing + 1
        return int(bounds[0]), int(bounds[-1])

    def _atom(self) -> tuple[int, int]:
        if self._take("("):
            self._take("?:")
            begin, end = self._alternatives()
            if not self._take(")"):
                raise ValueError(f"unclosed group in {self._pattern!r}")
            return begin, end
        begin, end = self._node(), self._node()
        self._steps[begin].append((self._digits(), end))
        return begin, end

    def _digits(self) -> frozenset[int]:
        if self._take("\\d"):
            return ALL_DIGITS
        if not self._take("["):
            self._position += 1
            return frozenset({int(self._pattern[self._position - 1])})
        digits: frozenset[int] = frozenset()
        while not self._take("]"):
            some = self._digits()
            if self._take("-"):
                some = frozenset(range(min(some), min(self._digits()) + 1))
            digits |= some
        return digits


def label_intervals(
    automaton: Automaton, label: Callable[[Matched], str | None], lengths: range, prefix: str
) -> Iterator[Interval]:
    """Yield (first, last, label) for every run of numbers, written after `prefix`, that `label` names.

    `label` is told which patterns match a number, and answers None where it is no number at all.
    """

    @cache
    def walk(state: State, left: int) -> tuple[Interval, ...]:
        if left == 0:
            name = label(automaton.matched(state))
            return () if name is None else ((0, 0, name),)
        size = 10 ** (left - 1)
        found: list[Interval] = []
        for digit in range(10):
            if after := automaton.step(state, digit):
                for first, last, name in walk(after, left - 1):
                    append_interval(found, (first + digit * size, last + digit * size, name))
        return tuple(found)

    for length in lengths:
        offset = int(prefix) * 10**length
        for first, last, name in walk(automaton.start, length):
            yield offset + first, offset + last, name


def append_interval(intervals: list[Interval], new: Interval) -> None:
    """Append `new`, or lengthen the last interval when `new` goes on where it ends under the same label."""
    if intervals and intervals[-1][1] + 1 == new[0] and intervals[-1][2] == new[2]:
        intervals[-1] = (intervals[-1][0], new[1], new[2])
    else:
        intervals.append(new)


def prefix_lengths(automaton: Automaton, depth: int) -> Iterator[tuple[int, int, Lengths]]:
    """Yield (first, last, lengths) for every run of `depth`-digit beginnings that some pattern can match.

    `lengths` holds, for each pattern that does, its shortest and its longest match from the first digit on.
    """

    def walk(state: State, lengths: Lengths, read: str) -> Iterator[tuple[int, int, Lengths]]:
        if not state or len(read) == depth:
            if lengths:
                yield int(read.ljust(depth, "0")), int(read.ljust(depth, "9")), lengths
            return
        for digit in range(10):
            after, length = automaton.step(state, digit), len(read) + 1
            found = {pattern: (lengths.get(pattern, (length,))[0], length) for pattern in automaton.matched(after)}
            yield from walk(after, lengths | found, f"{read}{digit}")

    yield from walk(automaton.start, {}, "")
