"""Draws a chart: rows and a specification of Vega or Vega-Lite in, SVG out, without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import vl_convert

from customer360.report.figures import Row

NARROW = 318
"""Inside a phone's 390 px."""
_VEGA_LITE = "https://vega.github.io/schema/vega-lite/v5.json"
_MARK = re.compile(r'<path aria-label="([^"]*)"([^>]*?)(?:/>|></path>)')
_ARIA = re.compile(r' (?:aria-[a-z]+|role)="[^"]*"')
_OPENING = re.compile(r"<svg[^>]*?viewBox=\"([^\"]*)\"[^>]*>")
_FONT = re.compile(r' font-family="[^"]*"| font-weight="normal"| opacity="1"')
_LONG = re.compile(r"(\d\.\d\d)\d+")
_CLIP = re.compile(r"\bclip\d+\b")


def vega_lite(name: str, rows: Sequence[Row], **others: Sequence[Row]) -> Callable[[int], str]:
    """A chart of `charts/<name>.json` over these rows, to be drawn at any width."""
    spec = _specification(name)

    def draw(width: int) -> str:
        return vl_convert.vegalite_to_svg(
            {
                **spec,
                "$schema": _VEGA_LITE,
                "config": _theme(width),
                "width": width,
                "autosize": {"type": "fit-x", "contains": "padding"},
                "data": {"name": "rows"},
                "datasets": {"rows": list(rows), **{key: list(value) for key, value in others.items()}},
            }
        )

    return draw


def vega(spec_at: Callable[[int], Mapping[str, Any]]) -> Callable[[int], str]:
    """A chart of a specification of Vega that depends on the width."""
    return lambda width: vl_convert.vega_to_svg({**spec_at(width), "config": _theme(width)})


def picture(draw: Callable[[int], str], width: int, *, name: str, says: str) -> str:
    """The chart at two widths, of which a page shows the one that fits; `says` is its text alternative."""
    return "".join(
        f'<div class="{kind}">{_inline(draw(wide), f"{name}-{kind}", says)}</div>'
        for kind, wide in (("wide", width), ("narrow", NARROW))
    )


def _inline(svg: str, name: str, says: str) -> str:
    """SVG fit for a page: one image with a text alternative, each mark with its figures where the mouse points."""
    svg = _MARK.sub(lambda mark: f"<path{mark[2]}><title>{mark[1]}</title></path>", svg)
    svg = _CLIP.sub(lambda clip: f"{name}-{clip[0]}", _ARIA.sub("", _FONT.sub("", _LONG.sub(r"\1", svg))))
    width, height = re.findall(r"[\d.]+", _OPENING.search(svg)[1])[2:]  # type: ignore[index]
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(says)}">'
    )
    return _OPENING.sub(opening, svg, count=1)


def _theme(width: int) -> dict[str, Any]:
    """The theme; a narrow chart has its legend in two columns."""
    theme = _specification("theme")
    return {**theme, "legend": {**theme["legend"], "columns": 2 if width <= NARROW else 0}}


@cache
def _specification(name: str) -> dict[str, Any]:
    text = (files("customer360.report") / "charts" / f"{name}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
