"""Moments of 2019 to 2025, written the ways that legacy columns hold them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from customer360.legacy.dice import Dice

FIRST_SECOND = int(datetime(2019, 1, 1, tzinfo=UTC).timestamp())
LAST_SECOND = int(datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())
DAY = 86_400
# A day of slack on both sides for local times.
_FIRST_DAY = date(2018, 12, 31)
_ISO_DAYS = tuple((_FIRST_DAY + timedelta(days=n)).isoformat() for n in range((LAST_SECOND - FIRST_SECOND) // DAY + 4))
_TWO = tuple(f"{n:02d}" for n in range(60))
# Formats of text columns; the letter stands for the writer below, its count for how often it is used.
SQLITE_STYLES = "ssssssssssiiiozdDe"
SHEET_STYLES = "ssssiiizodddDDDye"
UNPARSABLE = ("31/02/2024", "soon", "mañana", "2023-13-45", "30/02/2021 10:00")


def _split(epoch: int) -> tuple[str, str, str, str]:
    day, second = divmod(epoch - FIRST_SECOND + DAY, DAY)
    minute, second = divmod(second, 60)
    hour, minute = divmod(minute, 60)
    return _ISO_DAYS[day], _TWO[hour], _TWO[minute], _TWO[second]


def timestamptz(epoch: int) -> str:
    """A moment as COPY reads it into a timestamptz."""
    day, hour, minute, second = _split(epoch)
    return f"{day} {hour}:{minute}:{second}+00"


def text_date(epoch: int, style: str, offset: int) -> str:
    """A moment as people and SQLite wrote it into text; `offset` is the writer's minutes ahead of UTC."""
    if style == "e":
        return str(epoch)
    if style == "o":
        day, hour, minute, second = _split(epoch + offset * 60)
        sign = "-" if offset < 0 else "+"
        return f"{day}T{hour}:{minute}:{second}{sign}{_TWO[abs(offset) // 60]}:{_TWO[abs(offset) % 60]}"
    day, hour, minute, second = _split(epoch)
    if style == "i":
        return f"{day}T{hour}:{minute}:{second}Z"
    if style == "z":
        return f"{day}T{hour}:{minute}:{second}.{int(second) * 13 % 1000:03d}Z"
    if style == "y":
        return day
    if style == "d":
        return f"{day[8:]}/{day[5:7]}/{day[:4]}"
    if style == "D":
        return f"{day[8:]}/{day[5:7]}/{day[:4]} {hour}:{minute}"
    return f"{day} {hour}:{minute}:{second}"


def after(dice: Dice, epoch: int, days: float) -> int:
    """A moment within some days after another one, soon rather than late, and never past the last one."""
    return epoch + int(dice.random() ** 2 * min(days * DAY, LAST_SECOND - epoch))


def updated(dice: Dice, created: int) -> int:
    """When a row was last changed: half of them never were."""
    return created if dice.random() < 0.5 else after(dice, created, 200)
