"""Lays out the flow of records (a Sankey diagram) and describes it to Vega: rectangles, ribbons and labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_NODE_WIDTH = 12
_GAP = 34
"""Between two nodes of a column; the lower one's label stands in it."""
_LINE = 15
_BROAD = 600
"""From this width on a label stands on one line."""


@dataclass(frozen=True)
class Link:
    """So many records go from one node to another."""

    source: str
    target: str
    records: int
    colour: str


@dataclass
class _Node:
    """A node, and how far its two sides are filled with ribbons."""

    name: str
    column: int
    records: int
    top: float = 0
    left: float = 0
    right: float = 0


def flow_spec(columns: Sequence[Sequence[str]], links: Sequence[Link], width: int, height: int) -> dict[str, Any]:
    """A Vega specification; `columns` holds the nodes from left to right, each column from top to bottom."""
    lines = 1 if width >= _BROAD else 2
    gap = _GAP + (lines - 1) * _LINE
    nodes = _nodes(columns, links)
    scale = _scale(nodes.values(), height, gap)
    _stack(nodes.values(), scale, gap)
    step = (width - _NODE_WIDTH) / (len(columns) - 1)
    order = {name: place for place, name in enumerate(name for column in columns for name in column)}
    ribbons = [
        _ribbon(link, nodes[link.source], nodes[link.target], scale, step)
        for link in sorted(links, key=lambda link: (order[link.source], order[link.target]))
    ]
    boxes = [_box(node, scale, step, lines, last=len(columns) - 1) for node in nodes.values()]
    return {
        "$schema": "https://vega.github.io/schema/vega/v5.json",
        "width": width,
        "height": height,
        "data": [{"name": "ribbons", "values": ribbons}, {"name": "boxes", "values": boxes}],
        "marks": [
            _mark(
                "path",
                "ribbons",
                path="path",
                fill="colour",
                description="says",
                fillOpacity=0.38,
                stroke="colour",
                strokeOpacity=0.5,
                strokeWidth=0.5,
            ),
            _mark("rect", "boxes", x="x", y="y", width="width", height="height", fill="colour", description="says"),
            _mark(
                "text",
                "boxes",
                x="label_x",
                y="label_y",
                text="label",
                align="align",
                fill="text",
                fontSize=12,
                lineHeight=_LINE,
            ),
        ],
    }


def _mark(kind: str, data: str, **channels: Any) -> dict[str, Any]:
    """A mark of Vega: a channel is a field of the data, or a number."""
    return {
        "type": kind,
        "from": {"data": data},
        "encode": {
            "update": {
                name: {"field": said} if isinstance(said, str) else {"value": said} for name, said in channels.items()
            }
        },
    }


def _nodes(columns: Sequence[Sequence[str]], links: Sequence[Link]) -> dict[str, _Node]:
    """The nodes that records go through."""
    into, out = Counter[str](), Counter[str]()
    for link in links:
        out[link.source] += link.records
        into[link.target] += link.records
    found = [_Node(name, column, max(into[name], out[name])) for column, names in enumerate(columns) for name in names]
    return {node.name: node for node in found if node.records}


def _scale(nodes: Iterable[_Node], height: int, gap: int) -> float:
    """Pixels per record, so that the fullest column fits."""
    columns: dict[int, list[int]] = {}
    for node in nodes:
        columns.setdefault(node.column, []).append(node.records)
    return min(((height - gap * len(column)) / sum(column) for column in columns.values()), default=0.0)


def _stack(nodes: Iterable[_Node], scale: float, gap: int) -> None:
    """Give each node its place below the one before it in its column, with room for its label."""
    bottoms: dict[int, float] = {}
    for node in nodes:
        node.top = node.left = node.right = bottoms.get(node.column, 0.0) + gap
        bottoms[node.column] = node.top + node.records * scale


def _ribbon(link: Link, source: _Node, target: _Node, scale: float, step: float) -> dict[str, Any]:
    thick = link.records * scale
    x0, x1 = source.column * step + _NODE_WIDTH, target.column * step
    middle = (x0 + x1) / 2
    y0, y1 = source.right, target.left
    source.right += thick
    target.left += thick
    path = (
        f"M{x0:.1f},{y0:.2f}C{middle:.1f},{y0:.2f} {middle:.1f},{y1:.2f} {x1:.1f},{y1:.2f}"
        f"V{y1 + thick:.2f}C{middle:.1f},{y1 + thick:.2f} {middle:.1f},{y0 + thick:.2f} {x0:.1f},{y0 + thick:.2f}Z"
    )
    says = f"{link.source} → {link.target}: {link.records:,} records"
    return {"path": path, "colour": link.colour, "says": says}


def _box(node: _Node, scale: float, step: float, lines: int, *, last: int) -> dict[str, Any]:
    x = node.column * step
    at_end = node.column == last
    return {
        "x": x,
        "y": node.top,
        "width": _NODE_WIDTH,
        "height": max(node.records * scale, 1),
        "colour": "var(--node)",
        "label": [f"{node.name} · {node.records:,}"] if lines == 1 else [node.name, f"{node.records:,}"],
        "label_x": x + _NODE_WIDTH if at_end else x,
        "label_y": node.top - 7 - (lines - 1) * _LINE,
        "align": "right" if at_end else "left",
        "text": "var(--text)",
        "says": f"{node.name}: {node.records:,} records",
    }
