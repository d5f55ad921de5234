"""Puts figures and charts into the page `report.html.j2`."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from customer360.report.figures import About
from customer360.report.panels import Figures, draw_charts, in_systems
from customer360.summary_page import rule_name

_IN_A_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def render(figures: Figures, about: About) -> str:
    """The page, complete in itself."""
    environment = Environment(
        loader=PackageLoader("customer360.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": lambda value: f"{value:,}",
        "percent": _percent,
        "moment": _moment,
        "rule": rule_name,
        "in_systems": in_systems,
        "capitalize_first": lambda text: text[:1].upper() + text[1:],
    }
    css = (files("customer360.report") / "report.css").read_text(encoding="utf-8")
    return environment.get_template("report.html.j2").render(
        **figures,
        about=about,
        charts={name: Markup(svg) for name, svg in draw_charts(figures, about).items()},  # noqa: S704  Vega escapes
        figures_json=Markup(as_json(figures).translate(_IN_A_SCRIPT)),  # noqa: S704  cannot end the script element
        css=Markup(css),  # noqa: S704  ours
    )


def as_json(figures: Figures) -> str:
    """Every row of every figure, for programs and for the test."""
    return json.dumps(figures, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a figure holds a {type(value).__name__}: cast it in its statement")


def _percent(part: int, whole: int) -> str:
    """A share in whole percent, never 0 or 100 for what is not."""
    if not whole or part == whole or not part:
        return f"{100 if whole and part else 0} %"
    return f"{min(max(round(100 * part / whole), 1), 99)} %"


def _moment(value: datetime | None) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if value else "never"
