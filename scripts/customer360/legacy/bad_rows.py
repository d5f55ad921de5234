"""One row in five hundred is bad: something in it that no rule can read and that quarantine is for."""

from __future__ import annotations

from collections import deque
from enum import Enum

from customer360.legacy.dates import UNPARSABLE
from customer360.legacy.dice import Dice
from customer360.legacy.tables import Table

EVERY = 480
LONG = 3_000
CONTROL_CHARACTERS = "\x01\x08\x1b"
ESCAPED_NULS = (r"\u0000", r"\x00")


class Fault(Enum):
    """What can be wrong with a bad row."""

    UNPARSABLE_DATE = "unparsable date"
    LONG_TEXT = "over-long text"
    CONTROL_CHARACTER = "control character"
    ESCAPED_NUL = "escaped nul"


class BadRows:
    """Counts rows and spoils every so many: the next row that can have the fault whose turn it is."""

    def __init__(self, dice: Dice) -> None:
        """Begin with a clean slate."""
        self._dice = dice
        self._seen = EVERY // 2
        self._turn = 0
        self._due: deque[Fault] = deque()

    def spoil(self, table: Table, row: list[str | None]) -> None:
        """Damage `row` if it is its turn; its key and its truth stay."""
        self._seen += 1
        if self._seen == EVERY:
            self._seen = 0
            self._due.append(tuple(Fault)[self._turn % len(Fault)])
            self._turn += 1
        if self._due and _strike(self._dice, self._due[0], table, row):
            self._due.popleft()


def _strike(dice: Dice, fault: Fault, table: Table, row: list[str | None]) -> bool:
    if fault is Fault.UNPARSABLE_DATE:
        columns = table.text_dates
    else:
        columns = table.free_text if fault is Fault.LONG_TEXT else table.names
    if not columns:
        return False
    at = dice.pick(columns)
    text = row[at] or ""
    if len(text) < 4:
        return False
    if fault is Fault.UNPARSABLE_DATE:
        row[at] = dice.pick(UNPARSABLE)
    elif fault is Fault.LONG_TEXT:
        row[at] = (f"{text} " * LONG)[:LONG]
    elif fault is Fault.CONTROL_CHARACTER:
        middle = len(text) // 2
        row[at] = text[:middle] + dice.pick(CONTROL_CHARACTERS) + text[middle:]
    else:
        row[at] = text + dice.pick(ESCAPED_NULS)
    return True
