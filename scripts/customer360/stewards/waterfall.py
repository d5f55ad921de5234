"""The waterfall of a score: from the prior, attribute by attribute, to the weight that the pair ends with."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rich.console import Console
from rich.table import Table
from rich.text import Text

from customer360.stewards.evidence import Member, Score

_WIDTH = 32
# What a record says of an attribute that matching compares; the first that it has.
_SAID = {
    "first_name": ("first_name", "full_name"),
    "middle_name": ("full_name",),
    "last_name": ("last_name", "full_name"),
    "organization_name": ("organization_name", "full_name"),
    "email": ("email",),
    "phone": ("phone", "whatsapp_number"),
    "government_id": ("tax_id", "registration_number"),
    "address": ("address_line1", "city", "state", "postal_code"),
}


def waterfall(console: Console, score: Score, a: Member, b: Member) -> Table:
    """One line per attribute: what both say, its weight in bits, and a bar from where the one before ended."""
    steps = _steps(score)
    bars = _bars([weight for _, _, weight in steps], "utf" in console.encoding.lower())
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="left", no_wrap=True)
    table.add_column(justify="left", overflow="ellipsis", max_width=44)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="left", no_wrap=True)
    for (attribute, level, weight), bar in zip(steps, bars, strict=True):
        says = "" if level is None else f"{_said(a, attribute)} / {_said(b, attribute)} (level {level})"
        table.add_row(
            attribute.replace("_", " "),
            Text(says),
            f"{weight:+.2f}",
            Text(bar, style="green" if weight >= 0 else "red"),
        )
    table.add_row(
        "together", f"probability {score.match_probability:.4f}", f"{score.match_weight:+.2f}", score.model_version
    )
    return table


def _steps(score: Score) -> list[tuple[str, int | None, float]]:
    """(attribute, level, bits): the prior, then what speaks loudest. `related` has no level."""
    attributes = [
        (name, None if name == "related" else int(said["level"]), float(said["weight"]))
        for name, said in score.evidence.items()
        if name != "prior"
    ]
    prior: tuple[str, int | None, float] = ("prior", None, float(score.evidence["prior"]["weight"]))
    return [prior, *sorted(attributes, key=lambda step: -abs(step[2]))]


def _bars(weights: Sequence[float], has_blocks: bool) -> list[str]:
    """Each from where the one before ended; # and - where the terminal has no blocks."""
    ends = [0.0]
    for weight in weights:
        ends.append(ends[-1] + weight)
    low, high = min(ends), max(ends)
    scale = _WIDTH / ((high - low) or 1)
    places = [round((end - low) * scale) for end in ends]
    more, less = ("█", "▒") if has_blocks else ("#", "-")
    return [
        " " * min(start, end) + (more if end >= start else less) * max(abs(end - start), 1)
        for start, end in pairwise(places)
    ]


def _said(member: Member, attribute: str) -> str:
    return next((member.says[name] for name in _SAID.get(attribute, (attribute,)) if name in member.says), "?")
